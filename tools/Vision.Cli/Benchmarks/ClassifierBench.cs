using Vision.Backbones;
using Vision.Classification;
using Vision.Graphs;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Cli.Benchmarks;

/// <summary>Times a classifier.</summary>
internal sealed class ClassifierBench : BenchSubject
{
    private readonly Backbone model;
    private readonly Tensor images;    // [N, 3, H, W]
    private readonly Tensor labels;    // int64 [N]
    private CompiledNetwork? compiled;

    /// <summary>Creates the classifier and its batch.</summary>
    public ClassifierBench(BenchOptions options) : this(options, CreateModel(options)) { }

    private ClassifierBench(BenchOptions options, Backbone model) : base(options, model, UsualSize(options.Model))
    {
        this.model = model;
        using Tensor image = Image();
        using Tensor repeated = image.unsqueeze(0).repeat(BatchSize, 1, 1, 1);
        images = MemoryFormat.ChannelsLast(repeated);                   // as in ClassifierInput
        labels = arange(BatchSize, device: options.Device).remainder(5);
        Compile(() => compiled = CompiledNetwork.Of(model, images));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        compiled?.Dispose();
        images.Dispose();
        labels.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Predict()
    {
        using var noGradient = inference_mode();
        if (compiled is null) model.call(images);
        else compiled.Call(images);
    }

    /// <inheritdoc/>
    protected override Tensor Loss() => nn.functional.cross_entropy(model.call(images), labels);

    private static Backbone CreateModel(BenchOptions options) => options.Weights is { } file
        ? TrainedClassifier.Load(file, options.Model).Model : ClassifierWeights.Create(options.Model);

    private static (int Height, int Width) UsualSize(string model)
    {
        int side = ClassifierDescription.UsualPreprocessing(model).Crop;
        return (side, side);
    }
}
