using System.Globalization;
using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Training;

/// <summary>A whole training of a classifier.</summary>
internal sealed class ClassificationRun : TrainingRun<ClassificationDataset>
{
    /// <summary>What images go through.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Whether the last layer of the weights is left out, even where it is for as many classes.</summary>
    public bool FreshHead { get; init; }

    /// <summary>Whether the last layer alone is trained.</summary>
    public bool FreezeBackbone { get; init; }

    /// <summary>The share of targets that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The mixing of batches; null for none.</summary>
    public BatchMixing? Mixing { get; init; }

    /// <inheritdoc/>
    public override bool Start(CancellationToken cancellation)
    {
        (Backbone model, string origin) = StartingClassifier.Create(Model, Data.Train.Categories, Weights, FreshHead, Trainer.Seed);
        using var owned = model;
        if (FreezeBackbone) ClassifierHead.FreezeBefore(model);
        model.to(Device);
        string backbone = FreezeBackbone ? ", all but the last layer frozen"
            : Trainer.BackboneRateFactor == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Trainer.BackboneRateFactor} of that before the last layer)");
        Announce(origin, $"{backbone}, images of {Preprocessing.Crop}×{Preprocessing.Crop} pixels");

        ClassificationLoader loader = new(Data.Train, Loader, Mixing);
        ClassifierDescription description = new() { Model = Model, Categories = Data.Train.Categories, Preprocessing = Preprocessing };
        ClassificationTask task = new(model, loader, Data.Validation, description, LabelSmoothing);
        return Train(task, loader.Report, run =>
        {
            if (task.LastEvaluation is not { } metrics) return;
            MetricsTable.Write(metrics);
            RunPlots.Write(run, metrics, run.Folder);
        }, cancellation);
    }
}
