using System.Globalization;
using Spectre.Console;
using TorchSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Training;
using Vision.Training.Evaluation;
using static TorchSharp.torch;

namespace Vision.Cli.Training;

/// <summary>A whole training of a detector as the command line does it: says what it does, trains, and leaves tables and plots.</summary>
internal sealed class DetectionRun
{
    /// <summary>The detector's name.</summary>
    public required string Model { get; init; }

    /// <summary>What to learn from and to measure on.</summary>
    public required DatasetPair<DetectionDataset> Data { get; init; }

    /// <summary>The network.</summary>
    public required DetectorOptions Detector { get; init; }

    /// <summary>A file of weights to start from; null for none.</summary>
    public string? Weights { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainerOptions Trainer { get; init; }

    /// <summary>Batches and random changes of images.</summary>
    public required LoaderOptions Loader { get; init; }

    /// <summary>What is made of several images; null for nothing.</summary>
    public ISampleMixing? Mixing { get; init; }

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>Where the plots go; the folder of the run by default.</summary>
    public string? PlotFolder { get; init; }

    /// <summary>Trains to the end, or until cancelled.</summary>
    /// <returns>Whether it came to the end.</returns>
    public bool Start(CancellationToken cancellation)
    {
        (Detector model, string origin) = StartingPoint.Create(Model, Detector, Weights, Trainer.Seed);
        using var owned = model;
        model.to(Device);
        Announce(origin);

        DetectionLoader loader = new(Data.Train, Loader, Mixing);
        DetectionTask task = new(model, loader, Data.Validation, DetectorDescription.Of(Model, Detector, Data.Train.Categories).ToMetadata());
        TrainingResult result = TrainingConsole.Show(progress => new Trainer<DetectionBatch>(task, Trainer, progress).Run(cancellation));
        if (loader.Report.Summary is { Length: > 0 } unreadable) AnsiConsole.WriteLine($"While training: {unreadable}");
        if (!result.Finished)
        {
            AnsiConsole.WriteLine($"Stopped. The same command with --resume --out {Trainer.Folder} goes on from here.");
            return false;
        }

        RunFolder run = RunFolder.At(Trainer.Folder);
        if (task.LastEvaluation is { } metrics)
        {
            MetricsTable.Write(metrics);
            RunPlots.Write(run, metrics, PlotFolder ?? run.Folder);
        }
        AnsiConsole.WriteLine($"The best model is {run.Best}; try: vision predict {Model} --weights {run.Best} --source IMAGE");
        return true;
    }

    private void Announce(string origin)
    {
        int objects = Data.Train.Samples.Sum(sample => sample.Objects.Count);
        AnsiConsole.WriteLine($"Training {Model} {origin} on {Device}, into {Trainer.Folder}");
        AnsiConsole.WriteLine($"  {Data.Train.Name}: {Data.Train.Samples.Count} images, {objects} objects of {Data.Train.Categories.Count} classes: {string.Join(", ", Data.Train.Categories.Select(category => category.Name))}");
        AnsiConsole.WriteLine($"  measured on {Data.Validation.Name}: {Data.Validation.Samples.Count} images, {Data.Choice}");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Trainer.Epochs} epochs, batches of {Loader.BatchSize}, {Trainer.Optimizer} at {Trainer.LearningRate}, images resized to {Detector.MinSize} (at most {Detector.MaxSize}) pixels"));
        foreach (DatasetReport report in new[] { Data.Train.Report, Data.Validation.Report }.Distinct())
            if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
    }
}
