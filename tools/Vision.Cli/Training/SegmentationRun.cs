using System.Globalization;
using TorchSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Segmentation;
using Vision.Training;
using Vision.Visualization;

namespace Vision.Cli.Training;

/// <summary>A whole training of a segmenter.</summary>
internal sealed class SegmentationRun : TrainingRun<SegmentationDataset>
{
    /// <summary>How the network is built.</summary>
    public required SegmenterOptions Segmenter { get; init; }

    /// <summary>What is trained on.</summary>
    public required SegmentationLoss Loss { get; init; }

    /// <summary>The size that training images come out at, in pixels.</summary>
    public required (int Width, int Height) Size { get; init; }

    /// <summary>The shorter side that images are brought to in prediction, in pixels.</summary>
    public required int ShorterSide { get; init; }

    /// <inheritdoc/>
    public override bool Start(CancellationToken cancellation)
    {
        (Segmenter model, string origin) = StartingSegmenter.Create(Model, Segmenter, Weights, Trainer.Seed);
        using var owned = model;
        model.to(Device);
        Announce(origin, $", images cut to {Size.Width}×{Size.Height} pixels, stride {Segmenter.OutputStride?.ToString(CultureInfo.InvariantCulture) ?? "as published"}");

        SegmentationLoader loader = new(Data.Train, Loader);
        SegmenterDescription description = new() { Model = Model, Categories = Data.Train.Categories, Options = Segmenter, ShorterSide = ShorterSide, Colours = Data.Train.Colours };
        SegmentationTask task = new(model, loader, Data.Validation, description, Loss);
        return Train(task, loader.Report, run =>
        {
            if (task.LastEvaluation is not { } metrics) return;
            MetricsTable.Write(metrics);
            RunPlots.Write(run, metrics, new SegmentationPainter(Data.Train.Categories, Data.Train.Colours), run.Folder);
        }, cancellation);
    }
}
