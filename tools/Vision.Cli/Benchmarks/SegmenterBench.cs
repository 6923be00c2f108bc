using Vision.Data;
using Vision.Segmentation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a segmenter.</summary>
internal sealed class SegmenterBench : BenchSubject
{
    // Pascal VOC's, as published weights have.
    private const int UsualClasses = 21;

    private readonly Segmenter model;
    private readonly SegmentationBatch batch;
    private readonly CrossEntropy loss = new();

    /// <summary>Builds it.</summary>
    public SegmenterBench(BenchOptions options) : this(options, CreateModel(options)) { }

    private SegmenterBench(BenchOptions options, Segmenter model) : base(options, model, (520, 520))
    {
        this.model = model;
        using Tensor rows = (arange(Height) / 32).unsqueeze(1), columns = arange(Width) / 32;
        // Squares of classes, as in the torchvision twin.
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

    private static Segmenter CreateModel(BenchOptions options)
    {
        SegmenterOptions network = new() { NumClasses = UsualClasses, Backbone = options.Backbone, ChannelsLast = true };
        if (options.Weights is not { } file) return SegmenterCatalog.Create(options.Model, network);
        using var scope = NewDisposeScope();
        var weights = WeightFile.Read(file);
        SegmenterOptions shown = SegmenterWeights.OptionsFor(options.Model, weights, file);
        Segmenter model = SegmenterCatalog.Create(options.Model,
            network with { NumClasses = shown.NumClasses, Auxiliary = shown.Auxiliary });
        model.LoadWeights(weights, file);
        return model;
    }
}
