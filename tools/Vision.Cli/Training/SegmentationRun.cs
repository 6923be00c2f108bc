using System.Globalization;
using Spectre.Console;
using TorchSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Segmentation;
using Vision.Training;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Training;

/// <summary>A whole training of a segmenter as the command line does it: says what it does, trains, and leaves tables and plots.</summary>
internal sealed class SegmentationRun
{
    /// <summary>The segmenter's name.</summary>
    public required string Model { get; init; }

    /// <summary>What to learn from and to measure on.</summary>
    public required DatasetPair<SegmentationDataset> Data { get; init; }

    /// <summary>How the network is built.</summary>
    public required SegmenterOptions Segmenter { get; init; }

    /// <summary>What is trained on.</summary>
    public required SegmentationLoss Loss { get; init; }

    /// <summary>The size that training images come out at, in pixels.</summary>
    public required (int Width, int Height) Size { get; init; }

    /// <summary>The shorter side that images are brought to in prediction, in pixels.</summary>
    public required int ShorterSide { get; init; }

    /// <summary>A file of weights to start from; null for none.</summary>
    public string? Weights { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainerOptions Trainer { get; init; }

    /// <summary>Batches and random changes of images.</summary>
    public required LoaderOptions Loader { get; init; }

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>Trains to the end, or until cancelled.</summary>
    /// <returns>Whether it came to the end.</returns>
    public bool Start(CancellationToken cancellation)
    {
        (Segmenter model, string origin) = StartingSegmenter.Create(Model, Segmenter, Weights, Trainer.Seed);
        using var owned = model;
        model.to(Device);
        Announce(origin);

        SegmentationLoader loader = new(Data.Train, Loader);
        SegmenterDescription description = new() { Model = Model, Categories = Data.Train.Categories, Options = Segmenter, ShorterSide = ShorterSide, Colours = Data.Train.Colours };
        SegmentationTask task = new(model, loader, Data.Validation, description, Loss);
        TrainingResult result = TrainingConsole.Show(progress => new Trainer<SegmentationBatch>(task, Trainer, progress).Run(cancellation));
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
            RunPlots.Write(run, metrics, new SegmentationPainter(Data.Train.Categories, Data.Train.Colours), run.Folder);
        }
        AnsiConsole.WriteLine($"The best model is {run.Best}; try: vision predict {Model} --weights {run.Best} --source IMAGE");
        return true;
    }

    private void Announce(string origin)
    {
        AnsiConsole.WriteLine($"Training {Model} {origin} on {Device}, into {Trainer.Folder}");
        AnsiConsole.WriteLine($"  {Data.Train.Name}: {Data.Train.Samples.Count} images of {Data.Train.Categories.Count} classes: {string.Join(", ", Data.Train.Categories.Select(category => category.Name))}");
        AnsiConsole.WriteLine($"  measured on {Data.Validation.Name}: {Data.Validation.Samples.Count} images, {Data.Choice}");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Trainer.Epochs} epochs, batches of {Loader.BatchSize}, {Trainer.Optimizer} at {Trainer.LearningRate}, images cut to {Size.Width}×{Size.Height} pixels, stride {Segmenter.OutputStride?.ToString(CultureInfo.InvariantCulture) ?? "as published"}"));
        foreach (DatasetReport report in new[] { Data.Train.Report, Data.Validation.Report }.Distinct())
            if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
    }
}
