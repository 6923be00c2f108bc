using Vision.Backbones;
using Vision.Data;
using Vision.Evaluation;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Training of a segmenter; the best epoch is the one with the highest mean IoU.</summary>
public sealed class SegmentationTask : TrainingTask<SegmentationDataset, SegmentationBatch, SegmentationMetrics>,
    IRecordedTask<SegmentationBatch>
{
    private readonly Segmenter segmenter;
    private readonly SegmentationLoss loss;
    private readonly SegmenterView view;

    /// <summary>Prepares training; nothing is computed yet.</summary>
    /// <param name="segmenter">The segmenter, on its device.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation images, evaluated after each epoch at the full size of their masks.</param>
    /// <param name="description">What is needed to use the weights; stored in the checkpoints. Validation images are resized to its
    /// <see cref="SegmenterDescription.ShorterSide"/>.</param>
    /// <param name="loss">The loss to minimize.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same order,
    /// or there are no validation images.</exception>
    public SegmentationTask(Segmenter segmenter, SegmentationLoader training, SegmentationDataset validation,
        SegmenterDescription description, SegmentationLoss loss) : base(segmenter, training, validation, description)
    {
        this.segmenter = segmenter;
        this.loss = loss;
        view = new() { ShorterSide = description.ShorterSide };
    }

    /// <summary>The images as they are loaded; null if they keep their sizes.</summary>
    internal LoadedImages? Loaded { get; init; }

    private protected override Backbone Backbone => segmenter.Backbone;

    /// <inheritdoc/>
    public override Losses ComputeLosses(SegmentationBatch batch) => segmenter.ComputeLosses(batch, loss);

    /// <inheritdoc/>
    public override BatchInfo Describe(SegmentationBatch batch) => new(batch.Index, batch.Files);

    private protected override SegmentationMetrics? Measure(SegmentationDataset data, Action<int, int> progress,
        CancellationToken cancellation) =>
        SharedEvaluation.Collect(ProcessGroup.Current,
            part => new Noted<SegmentationResults>(SegmenterEvaluation.Collect(segmenter, view, data, part, progress, cancellation)),
            (found, writer) => found.Write(writer, found.Results.Write),
            (found, reader) => found.Add(reader, found.Results.Read)) is { } all ? all.Results.Metrics(all.Notes) : null;

    private protected override ValidationResult Summarize(SegmentationMetrics metrics) => new(
        [
            new("mIoU", metrics.MeanIou), new("pixel_accuracy", metrics.PixelAccuracy), new("mean_accuracy", metrics.MeanAccuracy),
            new("frequency_weighted_iou", metrics.FrequencyWeightedIou), new("boundary_f", metrics.BoundaryF),
        ],
        "mIoU") { Images = metrics.Images };

    // Normalization needs more than one value, where a head looks at the image as a whole.
    private protected override int LeastImages => 2;

    private protected override (int Width, int Height) LargestSize =>
        Images.Sizes.MaxBy(size => (long)size.Width * size.Height);

    private protected override SegmentationBatch Example(int images)
    {
        using var scope = NewDisposeScope();
        (int width, int height) = LargestSize;
        int classes = Training.Dataset.Categories.Count;
        return new()
        {
            Images = [.. Enumerable.Range(0, images).Select(_ => rand(3, height, width).DetachFromDisposeScope())],
            Labels = [.. Enumerable.Range(0, images)
                .Select(_ => randint(0, classes, [height, width], ScalarType.Byte).DetachFromDisposeScope())],
            Files = [.. Enumerable.Repeat("noise", images)],
        };
    }

    private protected override LoadedImages Images => Loaded ??
        LoadedImages.Any(FewImages.WithSizes(Training.Dataset).Select(entry => ImageFile.ReadSize(entry.Sample.File)));

    private protected override SegmentationDataset LargestValidation => new()
    {
        Name = Validation.Name, Categories = Validation.Categories,
        Samples = [.. FewImages.WithSizes(Validation).OrderByDescending(entry => entry.Pixels).Take(1).Select(entry => entry.Sample)],
    };

    ModelKind IRecordedTask<SegmentationBatch>.Kind => ModelKind.Segmenter;

    string IRecordedTask<SegmentationBatch>.LossText => loss.ToString();

    double IRecordedTask<SegmentationBatch>.LabelSmoothing => 0;

    IEnumerable<KeyValuePair<string, Tensor>> IRecordedTask<SegmentationBatch>.TensorsOf(SegmentationBatch batch) =>
        batch.Images.Select((image, i) => KeyValuePair.Create($"image{i}", image))
            .Concat(batch.Labels.Select((labels, i) => KeyValuePair.Create($"labels{i}", labels)));

    CapsuleObject[][]? IRecordedTask<SegmentationBatch>.ObjectsOf(SegmentationBatch batch) => null;
}
