using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) with torchvision's state-dict names and initialization. The last stage is the end of
/// <c>features</c>, its final 1×1 convolution included.
/// </summary>
public sealed class MobileNetV2 : Backbone, IFeatureNetwork
{
    private const int LastChannels = 1280;

    // Table 2 of the paper.
    private static readonly (int Expansion, int Channels, int Depth, int Stride)[] layout =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly Sequential? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    public MobileNetV2(BackboneOptions options) : base(nameof(MobileNetV2), options)
    {
        var norm = options.BatchNormOr();
        sequence = new FeatureSequence(options.OutputStride);
        int channels = 32, index = 0, count = layout.Sum(stage => stage.Depth);
        sequence.Add(channels, new ConvNormActivation(
            options.InputChannels, channels, 3, norm, Activation.Relu6, sequence.Downsample(2).Stride));
        foreach (var (expansion, outChannels, depth, firstStride) in layout)
        {
            var (stride, firstDilation, dilation) = sequence.Downsample(firstStride);
            for (int i = 0; i < depth; i++)
            {
                double dropRate = StochasticDepth.LinearRate(options.StochasticDepth ?? 0, index++, count);
                bool hasShortcut = channels == outChannels && (i > 0 || firstStride == 1);
                sequence.Add(outChannels, new LinearBottleneck(
                    channels, outChannels, expansion, hasShortcut, i == 0 ? stride : 1, i == 0 ? firstDilation : dilation, dropRate, norm));
                channels = outChannels;
            }
        }
        sequence.Add(LastChannels, new ConvNormActivation(channels, LastChannels, 1, norm, Activation.Relu6));
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0) classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(LastChannels, options.NumClasses));
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
        Tensor pooled = adaptive_avg_pool2d(forward_features(x, -1)[0], 1).flatten(1);      // [N, 1280]
        return (classifier?.call(pooled) ?? pooled).MoveToOuterDisposeScope();              // [N, classes]
    }
}
