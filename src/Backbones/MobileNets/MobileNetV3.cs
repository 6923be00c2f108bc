using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// MobileNetV3 (Howard et al. 2019, arXiv:1905.02244) with torchvision's state-dict names and initialization. The last stage is the end of
/// <c>features</c>, its final 1×1 convolution included.
/// </summary>
public sealed class MobileNetV3 : Backbone, IFeatureNetwork
{
    private const int StemChannels = 16;

    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly Sequential? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal MobileNetV3(MobileNetV3Layout layout, BackboneOptions options) : base(nameof(MobileNetV3), options, takesReducedTail: true)
    {
        if (options.ReducedTail) layout = layout.Reduced();
        var norm = options.BatchNormOr(epsilon: 1e-3, momentum: 0.01);
        sequence = new FeatureSequence(options.OutputStride);
        int channels = StemChannels, dilation = 1;
        sequence.Add(channels, new ConvNormActivation(
            options.InputChannels, channels, 3, norm, Activation.Hardswish, sequence.Downsample(2).Stride));
        for (int i = 0; i < layout.Blocks.Count; i++)
        {
            var (kernel, expanded, outChannels, squeezes, hardswish, blockStride) = layout.Blocks[i];
            int stride = 1;
            if (blockStride > 1) (stride, _, dilation) = sequence.Downsample(blockStride);
            InvertedResidualLayout block = new()
            {
                InChannels = channels, Expanded = expanded, OutChannels = outChannels, Kernel = kernel, Stride = blockStride,
                Activation = hardswish ? Activation.Hardswish : Activation.Relu,
                Squeeze = squeezes
                    ? () => new SqueezeExcitation(expanded, Widths.Divisible(expanded / 4), nn.ReLU(true), nn.Hardsigmoid())
                    : null,
            };
            double dropRate = StochasticDepth.LinearRate(options.StochasticDepth ?? 0, i, layout.Blocks.Count);
            // The block whose stride becomes dilation is itself dilated, not only those after it:
            // torchvision's segmentation weights were trained this way.
            sequence.Add(outChannels, new InvertedResidual(block, stride, dilation, dropRate, norm));
            channels = outChannels;
        }
        int lastChannels = 6 * channels;
        sequence.Add(lastChannels, new ConvNormActivation(channels, lastChannels, 1, norm, Activation.Hardswish));
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0)
        {
            classifier = nn.Sequential(
                nn.Linear(lastChannels, layout.HiddenWidth), nn.Hardswish(true), nn.Dropout(0.2, true),
                nn.Linear(layout.HiddenWidth, options.NumClasses));
        }
        RegisterComponents();
        MobileNetInitialization.Draw(this);
    }

    FeatureSequence IFeatureNetwork.Sequence => sequence;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => sequence.Stages;

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => sequence.Modules(stage);

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x) => sequence.Run(stage, x, RunBlock);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = adaptive_avg_pool2d(forward_features(x, -1)[0], 1).flatten(1);      // [N, C]
        return (classifier?.call(pooled) ?? pooled).MoveToOuterDisposeScope();              // [N, classes]
    }
}
