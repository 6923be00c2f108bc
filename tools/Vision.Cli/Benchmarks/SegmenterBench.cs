using Vision.Data;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a segmenter.</summary>
internal sealed class SegmenterBench : BenchSubject
{
    // Pascal VOC's classes, as in published weights.
    private const int UsualClasses = 21;

    private readonly Segmenter model;
    private readonly SegmentationBatch batch;
    private readonly CrossEntropy loss = new();

    /// <summary>Creates the segmenter and its batch.</summary>
    public SegmenterBench(BenchOptions options) : this(options, CreateModel(options)) { }

    private SegmenterBench(BenchOptions options, Segmenter model) : base(options, model, (520, 520))
    {
        this.model = model;
        Compile(model.Compile);
        using Tensor rows = (arange(Height) / 32).unsqueeze(1), columns = arange(Width) / 32;
        // Squares of classes, as in the torchvision counterpart.
        using Tensor squares = (rows.floor() + columns.floor()).remainder(5).to(uint8);
        batch = new()
        {
            Images = [.. Enumerable.Range(0, BatchSize).Select(_ => Image())],
            Labels = [.. Enumerable.Range(0, BatchSize).Select(_ => squares.clone())],
            Files = [.. Enumerable.Range(0, BatchSize).Select(i => $"{i}")],
        };
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        batch.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Predict()
    {
        foreach (Tensor image in batch.Images) model.Logits(image);
    }

    /// <inheritdoc/>
    protected override Tensor Loss() => model.ComputeLosses(batch, loss).Total();

    private static Segmenter CreateModel(BenchOptions options) => options.Weights is { } file
        ? TrainedSegmenter.Load(file, options.Model, options.Backbone).Model
        : SegmenterCatalog.Create(options.Model,
            new() { NumClasses = UsualClasses, Backbone = options.Backbone, ChannelsLast = true });
}
