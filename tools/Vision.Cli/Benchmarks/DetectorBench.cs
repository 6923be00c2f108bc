using Vision.Backbones;
using Vision.Backbones.Weights;
using Vision.Data;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a detector.</summary>
internal sealed class DetectorBench : BenchSubject
{
    private const int CocoClasses = 91;
    private const int Objects = 10;

    /// <summary>torchvision's default with trained weights: the stem and the first stage are not trained.</summary>
    private const int FrozenWithWeights = 2;

    private readonly Detector model;
    private readonly DetectionBatch batch;

    /// <summary>Builds it.</summary>
    public DetectorBench(BenchOptions options) : this(options, CreateModel(options)) { }

    private DetectorBench(BenchOptions options, Detector model) : base(options, model, (480, 640))
    {
        this.model = model;
        using Tensor image = Image();
        batch = new()
        {
            Images = [.. Enumerable.Range(0, BatchSize).Select(_ => image.clone())],
            Targets = [.. Enumerable.Range(1, BatchSize).Select(id => new Targets
            {
                ImageId = id, File = options.Image ?? "noise", Width = Width, Height = Height, Objects = [.. Diagonal()],
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
        if (options.Weights is not { } file)
            return DetectorCatalog.Create(options.Model, DetectorCatalog.DefaultsOf(options.Model, CocoClasses) with { Backbone = options.Backbone, ChannelsLast = true });
        using var scope = NewDisposeScope();
        var weights = WeightFile.Read(file);
        DetectorOptions shown = DetectorWeights.OptionsFor(options.Model, weights, file);
        Detector model = DetectorCatalog.Create(options.Model, shown with
        {
            Backbone = options.Backbone,
            ChannelsLast = true,
            FrozenStages = shown.Norm == NormKind.FrozenBatchNorm ? FrozenWithWeights : 0,
        });
        DetectorWeights.Load(model, weights, file);
        return model;
    }

    /// <summary>Ten boxes along the diagonal, as in tools/Parity/bench_torchvision.py.</summary>
    private IEnumerable<Annotation> Diagonal()
    {
        for (int i = 0; i < Objects; i++)
        {
            Box box = new(0.08f * i * Width, 0.08f * i * Height, ((0.08f * i) + 0.2f) * Width, ((0.08f * i) + 0.2f) * Height);
            yield return new() { Id = i + 1, Box = box, Label = (i % 5) + 1, Area = box.Area };
        }
    }
}
