using TorchSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Training;

namespace Vision.Cli.Training;

/// <summary>A whole training of a detector.</summary>
internal sealed class DetectionRun : TrainingRun<DetectionDataset>
{
    /// <summary>The network.</summary>
    public required DetectorOptions Detector { get; init; }

    /// <summary>What is made of several images; null for nothing.</summary>
    public ISampleMixing? Mixing { get; init; }

    /// <summary>Where the plots go; the folder of the run by default.</summary>
    public string? PlotFolder { get; init; }

    /// <inheritdoc/>
    public override bool Start(CancellationToken cancellation)
    {
        (Detector model, string origin) = StartingPoint.Create(Model, Detector, Weights, Trainer.Seed);
        using var owned = model;
        model.to(Device);
        Announce(origin, $", images resized to {Detector.MinSize} (at most {Detector.MaxSize}) pixels", $", {Data.Train.Samples.Sum(sample => sample.Objects.Count)} objects");

        DetectionLoader loader = new(Data.Train, Loader, Mixing);
        DetectionTask task = new(model, loader, Data.Validation, DetectorDescription.Of(Model, Detector, Data.Train.Categories).ToMetadata());
        return Train(task, loader.Report, run =>
        {
            if (task.LastEvaluation is not { } metrics) return;
            MetricsTable.Write(metrics);
            RunPlots.Write(run, metrics, PlotFolder ?? run.Folder);
        }, cancellation);
    }
}
