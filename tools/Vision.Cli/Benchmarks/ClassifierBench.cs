using Vision.Backbones;
using Vision.Backbones.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a classifier.</summary>
internal sealed class ClassifierBench : BenchSubject
{
    private readonly Backbone model;
    private readonly Tensor images;    // [N, 3, H, W]
    private readonly Tensor labels;    // int64 [N]

    /// <summary>Builds it.</summary>
    public ClassifierBench(BenchOptions options) : this(options, BackboneRegistry.Create(options.Model, new BackboneOptions())) { }

    private ClassifierBench(BenchOptions options, Backbone model) : base(options, model, (224, 224))
    {
        this.model = model;
        if (options.Weights is { } file)
        {
            using var scope = NewDisposeScope();
            model.LoadWeights(WeightFile.Read(file), file);
        }
        using Tensor image = Image();
        images = image.unsqueeze(0).repeat(BatchSize, 1, 1, 1);
        labels = arange(BatchSize, device: options.Device).remainder(5);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        images.Dispose();
        labels.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Predict()
    {
        using var noGradient = inference_mode();
        model.call(images);
    }

    /// <inheritdoc/>
    protected override Tensor Loss() => nn.functional.cross_entropy(model.call(images), labels);
}
