using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// VGG (Simonyan &amp; Zisserman 2014, arXiv:1409.1556) with torchvision's state-dict names and initialization.
/// Stages end before the next pooling; the first holds both groups of convolutions before stride 4, and the last
/// is the final pooling. Odd sizes are rounded down, as in torchvision.
/// </summary>
public sealed class Vgg : Backbone
{
    private const int PooledSide = 7;
    private const int HiddenWidth = 4096;
    private static readonly int[] widths = [64, 128, 256, 512, 512];

    private readonly FeatureSequence sequence;
    private readonly List<int> poolings = [];
    private readonly Sequential features;
    private readonly Sequential? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal Vgg(VggLayout layout, BackboneOptions options) : base(nameof(Vgg), options)
    {
        if (options.StochasticDepth is > 0)
            throw new ArgumentException(
                $"{nameof(Vgg)} has no residual branches to drop; leave {nameof(BackboneOptions.StochasticDepth)} null.",
                nameof(options));
        if (!layout.HasNorm) options.RequireNorm("VGG without the suffix _bn", null);
        var norm = options.BatchNormOr();
        sequence = new FeatureSequence(options.OutputStride);
        int channels = options.InputChannels, dilation = 1, index = 0;
        for (int group = 0; group < widths.Length; group++)
        {
            for (int i = 0; i < layout.Depths[group]; i++)
            {
                List<(string, nn.Module<Tensor, Tensor>)> layers = [(Next(), new Conv3x3(channels, widths[group], dilation))];
                channels = widths[group];
                if (layout.HasNorm) layers.Add((Next(), norm(channels)));
                layers.Add((Next(), nn.ReLU(true)));
                sequence.Add(channels, [.. layers]);
            }
            (int stride, int firstDilation, dilation) = sequence.Downsample(2);
            poolings.Add(index);
            sequence.Add(channels, (Next(), new HalvingPool(true, stride, firstDilation)));
        }
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0)
        {
            classifier = nn.Sequential(
                nn.Linear(channels * PooledSide * PooledSide, HiddenWidth), nn.ReLU(true), nn.Dropout(0.5),
                nn.Linear(HiddenWidth, HiddenWidth), nn.ReLU(true), nn.Dropout(0.5), nn.Linear(HiddenWidth, options.NumClasses));
        }
        RegisterComponents();
        Draw();

        string Next() => index++.ToString();
    }

    /// <summary>The layers of <c>features</c> in order, for networks that are built from them.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Layers => [.. features.children().Cast<nn.Module<Tensor, Tensor>>()];

    /// <summary>Indices of the pooling layers in <see cref="Layers"/>.</summary>
    public IReadOnlyList<int> Poolings => poolings;

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
        Tensor last = forward_features(x, -1)[0];
        Tensor pooled = adaptive_avg_pool2d(last, classifier is null ? 1 : PooledSide).flatten(1);      // [N, 512], or [N, 512·7·7]
        return (classifier?.call(pooled) ?? pooled).MoveToOuterDisposeScope();                          // [N, classes]
    }

    private void Draw()
    {
        foreach (nn.Module module in ModuleTree.InOrder(this))
        {
            switch (module)
            {
                case Conv3x3 convolution:
                    nn.init.kaiming_normal_(convolution.Weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
                    nn.init.zeros_(convolution.Bias!);
                    break;
                case Linear linear:
                    nn.init.normal_(linear.weight!, 0, 0.01);
                    nn.init.zeros_(linear.bias!);
                    break;
            }
        }
    }
}
