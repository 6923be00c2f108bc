using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a detector.</summary>
internal sealed class DetectorBench : BenchSubject
{
    private const int CocoClasses = 91, PersonClasses = 2;
    private const int Objects = 10, Keypoints = 17;

    /// <summary>torchvision's default with pretrained weights: the stem and the first stage are not trained.</summary>
    private const int FrozenWithWeights = 2;

    private readonly Detector model;
    private readonly DetectionBatch batch;

    /// <summary>Creates the detector and its batch.</summary>
    public DetectorBench(BenchOptions options) : this(options, CreateModel(options)) { }

    private DetectorBench(BenchOptions options, Detector model) : base(options, model, (480, 640))
    {
        this.model = model;
        Compile(model.Compile);
        DetectorTask task = DetectorCatalog.ArchitectureOf(options.Model).Task;
        using Tensor image = Image();
        batch = new()
        {
            Images = [.. Enumerable.Range(0, BatchSize).Select(_ => image.clone())],
            Targets = [.. Enumerable.Range(1, BatchSize).Select(id => new Targets
            {
                ImageId = id, File = options.Image ?? "noise", Width = Width, Height = Height, Objects = [.. Diagonal(task)],
            })],
        };
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        batch.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Predict() => model.call(batch.Images);

    /// <inheritdoc/>
    protected override Tensor Loss() => model.ComputeLosses(batch).Total();

    private static Detector CreateModel(BenchOptions options)
    {
        if (options.Weights is { } file)
            return TrainedDetector.Load(file, options.Model, options.Backbone, configure: network =>
                network with { FrozenStages = network.Norm == NormKind.FrozenBatchNorm ? FrozenWithWeights : 0 }).Model;
        int classes = DetectorCatalog.ArchitectureOf(options.Model).Task == DetectorTask.Keypoint ? PersonClasses : CocoClasses;
        return DetectorCatalog.Create(options.Model,
            DetectorCatalog.DefaultsOf(options.Model, classes) with { Backbone = options.Backbone, ChannelsLast = true });
    }

    /// <summary>Ten boxes along the diagonal, filled by their objects, as in tools/Parity/bench_torchvision.py.</summary>
    private IEnumerable<Annotation> Diagonal(DetectorTask task)
    {
        for (int i = 0; i < Objects; i++)
        {
            Box box = new(0.08f * i * Width, 0.08f * i * Height, ((0.08f * i) + 0.2f) * Width, ((0.08f * i) + 0.2f) * Height);
            yield return new()
            {
                Id = i + 1, Box = box, Label = task == DetectorTask.Keypoint ? 1 : (i % 5) + 1, Area = box.Area,
                Segment = task != DetectorTask.Instance
                    ? null
                    : new() { Polygons = [[box.X1, box.Y1, box.X2, box.Y1, box.X2, box.Y2, box.X1, box.Y2]] },
                Keypoints = task != DetectorTask.Keypoint
                    ? null
                    : [.. Enumerable.Range(1, Keypoints).Select(k => new Keypoint(
                        box.X1 + (box.Width * k / (Keypoints + 1)), box.Y1 + (box.Height * k / (Keypoints + 1)), 2))],
            };
        }
    }
}
