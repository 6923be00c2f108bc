using System.Globalization;
using Spectre.Console;
using TorchSharp;
using Vision.Backbones;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Training;

/// <summary>A whole training of a classifier as the command line does it: says what it does, trains, and leaves tables and plots.</summary>
internal sealed class ClassificationRun
{
    /// <summary>The classifier's name.</summary>
    public required string Model { get; init; }

    /// <summary>What to learn from and to measure on.</summary>
    public required DatasetPair<ClassificationDataset> Data { get; init; }

    /// <summary>What images go through.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>A file of weights to start from; null for none.</summary>
    public string? Weights { get; init; }

    /// <summary>Whether the last layer of the weights is left out, even where it is for as many classes.</summary>
    public bool FreshHead { get; init; }

    /// <summary>Whether the last layer alone is trained.</summary>
    public bool FreezeBackbone { get; init; }

    /// <summary>The share of targets that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainerOptions Trainer { get; init; }

    /// <summary>Batches and random changes of images.</summary>
    public required LoaderOptions Loader { get; init; }

    /// <summary>The mixing of batches; null for none.</summary>
    public BatchMixing? Mixing { get; init; }

    /// <summary>Where to compute.</summary>
    public required Device Device { get; init; }

    /// <summary>Trains to the end, or until cancelled.</summary>
    /// <returns>Whether it came to the end.</returns>
    public bool Start(CancellationToken cancellation)
    {
        (Backbone model, string origin) = StartingClassifier.Create(Model, Data.Train.Categories, Weights, FreshHead, Trainer.Seed);
        using var owned = model;
        if (FreezeBackbone) ClassifierHead.FreezeBefore(model);
        model.to(Device);
        Announce(origin);

        ClassificationLoader loader = new(Data.Train, Loader, Mixing);
        ClassifierDescription description = new() { Model = Model, Categories = Data.Train.Categories, Preprocessing = Preprocessing };
        ClassificationTask task = new(model, loader, Data.Validation, description, LabelSmoothing);
        TrainingResult result = TrainingConsole.Show(progress => new Trainer<ClassificationBatch>(task, Trainer, progress).Run(cancellation));
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
            RunPlots.Write(run, metrics, run.Folder);
        }
        AnsiConsole.WriteLine($"The best model is {run.Best}; try: vision predict {Model} --weights {run.Best} --source IMAGE");
        return true;
    }

    private void Announce(string origin)
    {
        AnsiConsole.WriteLine($"Training {Model} {origin} on {Device}, into {Trainer.Folder}");
        string names = string.Join(", ", Data.Train.Categories.Take(20).Select(category => category.Name));
        AnsiConsole.WriteLine($"  {Data.Train.Name}: {Data.Train.Samples.Count} images of {Data.Train.Categories.Count} classes: {names}{(Data.Train.Categories.Count > 20 ? ", …" : "")}");
        AnsiConsole.WriteLine($"  measured on {Data.Validation.Name}: {Data.Validation.Samples.Count} images, {Data.Choice}");
        string backbone = FreezeBackbone ? ", all but the last layer frozen"
            : Trainer.BackboneRateFactor == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Trainer.BackboneRateFactor} of that before the last layer)");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Trainer.Epochs} epochs, batches of {Loader.BatchSize}, {Trainer.Optimizer} at {Trainer.LearningRate}{backbone}, images of {Preprocessing.Crop}×{Preprocessing.Crop} pixels"));
        foreach (DatasetReport report in new[] { Data.Train.Report, Data.Validation.Report }.Distinct())
            if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
    }
}
