using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>
/// Training of a detector, evaluated by COCO's rules. The best epoch is the one with the highest AP: of masks or keypoints if the detector
/// predicts them, otherwise of boxes.
/// </summary>
public sealed class DetectionTask : TrainingTask<DetectionDataset, DetectionBatch, DetectionMetrics>, IRecordedTask<DetectionBatch>
{
    private readonly Detector detector;
    private readonly Lazy<LargestDetectorInput> largest;

    /// <summary>Prepares training; nothing is computed yet.</summary>
    /// <param name="detector">The detector, on its device.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation images, evaluated after each epoch.</param>
    /// <param name="description">What is needed to use the weights; stored in the checkpoints.</param>
    /// <exception cref="InputException">The two data sets do not have the same classes in the same order,
    /// or there are no validation images.</exception>
    public DetectionTask(Detector detector, DetectionLoader training, DetectionDataset validation, DetectorDescription description)
        : base(detector, training, validation, description)
    {
        this.detector = detector;
        largest = new(() => new(Images, training.Dataset, description.Options,
            DetectorCatalog.ArchitectureOf(description.Model).Task, MixedImages));
    }

    /// <summary>The images as they are loaded; null if they keep their sizes.</summary>
    internal LoadedImages? Loaded { get; init; }

    /// <summary>The number of images that the loader combines into one.</summary>
    internal int MixedImages { get; init; } = 1;

    private protected override Backbone Backbone => detector.Backbone;

    /// <inheritdoc/>
    public override Losses ComputeLosses(DetectionBatch batch) => detector.ComputeLosses(batch);

    /// <inheritdoc/>
    public override BatchInfo Describe(DetectionBatch batch) => new(batch.Index, [.. batch.Targets.Select(targets => targets.File)]);

    private protected override DetectionMetrics? Measure(DetectionDataset data, Action<int, int> progress,
        CancellationToken cancellation)
    {
        detector.eval();
        Dictionary<long, Targets> targets = data.Samples.ToDictionary(sample => sample.ImageId);
        return SharedEvaluation.Collect(ProcessGroup.Current,
            part => DetectorEvaluation.Collect(image => detector.call([image])[0], data, part, progress, cancellation),
            (results, writer) => results.Write(writer),
            (results, reader) => results.Read(reader, id => targets[id]))?.Evaluate();
    }

    private protected override ValidationResult Summarize(DetectionMetrics metrics) =>
        new([.. metrics.Figures()], nameof(CocoMetrics.AP)) { Images = metrics.Images };

    private protected override int LeastImages => largest.Value.LeastImages;

    private protected override (int Width, int Height) LargestSize => largest.Value.Size;

    private protected override DetectionBatch Example(int images) => largest.Value.Example(images);

    private protected override long LargestSeed(int images) => largest.Value.Seed();

    private protected override LoadedImages Images =>
        Loaded ?? LoadedImages.OfSizes(Training.Dataset.Samples.Select(sample => (sample.Width, sample.Height)));

    private protected override DetectionDataset LargestValidation => new()
    {
        Name = Validation.Name, Categories = Validation.Categories,
        Samples = [Validation.Samples.MaxBy(sample => (long)sample.Width * sample.Height)!],
    };

    ModelKind IRecordedTask<DetectionBatch>.Kind => ModelKind.Detector;

    string? IRecordedTask<DetectionBatch>.LossText => null;

    double IRecordedTask<DetectionBatch>.LabelSmoothing => 0;

    IEnumerable<KeyValuePair<string, Tensor>> IRecordedTask<DetectionBatch>.TensorsOf(DetectionBatch batch) =>
        batch.Images.Select((image, i) => KeyValuePair.Create($"image{i}", image));

    CapsuleObject[][] IRecordedTask<DetectionBatch>.ObjectsOf(DetectionBatch batch) =>
        [.. batch.Targets.Select(targets => targets.Objects.Select(CapsuleObject.Of).ToArray())];
}
