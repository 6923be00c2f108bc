using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// DenseNet-BC (Huang et al. 2016, arXiv:1608.06993) with torchvision's state-dict names and initialization. A stage
/// ends with its dense block, before the transition; the last stage also includes <c>norm5</c> and the ReLU before
/// the classifier. Odd sizes are rounded down from stride 8 on, as in torchvision.
/// </summary>
public sealed class DenseNet : Backbone
{
    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly Linear? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal DenseNet(DenseNetLayout layout, BackboneOptions options) : base(nameof(DenseNet), options)
    {
        if (options.StochasticDepth is > 0)
            throw new ArgumentException(
                $"{nameof(DenseNet)} has no residual branches to drop; leave {nameof(BackboneOptions.StochasticDepth)} null.",
                nameof(options));
        var norm = options.BatchNormOr();
        sequence = new FeatureSequence(options.OutputStride);
        int channels = layout.StemChannels;
        sequence.Add(channels,
            ("conv0", nn.Conv2d(options.InputChannels, channels, 7, sequence.Downsample(2).Stride, 3, bias: false)),
            ("norm0", norm(channels)), ("relu0", nn.ReLU(true)));
        int dilation = 1;
        for (int i = 0; i < layout.Depths.Count; i++)
        {
            if (i == 0)
            {
                sequence.Add(channels, ("pool0", nn.MaxPool2d(3, sequence.Downsample(2).Stride, 1)));
            }
            else
            {
                (int stride, int firstDilation, dilation) = sequence.Downsample(2);
                sequence.Add(channels / 2, ($"transition{i}", nn.Sequential(
                    ("norm", norm(channels)), ("relu", nn.ReLU(true)), ("conv", nn.Conv2d(channels, channels / 2, 1, bias: false)),
                    ("pool", new HalvingPool(false, stride, firstDilation)))));
                channels /= 2;
            }
            var layers = new (string, nn.Module<Tensor, Tensor>)[layout.Depths[i]];
            for (int layer = 0; layer < layers.Length; layer++)
            {
                layers[layer] = ($"denselayer{layer + 1}", new DenseLayer(channels, layout.Growth, dilation, norm));
                channels += layout.Growth;
            }
            sequence.AddBlocks(channels, $"denseblock{i + 1}", layers);
        }
        sequence.Add(channels, ("norm5", norm(channels)), ("relu5", nn.ReLU(true)));
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0) classifier = nn.Linear(channels, options.NumClasses);
        RegisterComponents();

        foreach (nn.Module module in ModuleTree.InOrder(this))
        {
            if (module is Conv2d convolution) nn.init.kaiming_normal_(convolution.weight!);
            else if (module is Linear linear) nn.init.zeros_(linear.bias!);
        }
    }

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
