using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// EfficientNet (Tan &amp; Le 2019, arXiv:1905.11946) and EfficientNetV2 (2021, arXiv:2104.00298) with torchvision's state-dict names and
/// initialization. The last stage is the end of <c>features</c>, its final 1×1 convolution included.
/// </summary>
public sealed class EfficientNet : Backbone
{
    private const double PublishedStochasticDepth = 0.2;

    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly Sequential? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal EfficientNet(EfficientNetLayout layout, BackboneOptions options) : base(nameof(EfficientNet), options)
    {
        var norm = options.BatchNormOr(layout.NormEpsilon, layout.NormMomentum);
        sequence = new FeatureSequence(options.OutputStride);
        int index = 0, count = layout.Stages.Sum(stage => stage.Depth), stemChannels = layout.Stages[0].InChannels;
        sequence.Add(stemChannels, new ConvNormActivation(
            options.InputChannels, stemChannels, 3, norm, Activation.Silu, sequence.Downsample(2).Stride));
        foreach (EfficientNetStage stage in layout.Stages)
        {
            var (stride, firstDilation, dilation) = sequence.Downsample(stage.Stride);
            var blocks = new nn.Module<Tensor, Tensor>[stage.Depth];
            for (int i = 0; i < blocks.Length; i++)
            {
                // Divided by the count, not by the count minus 1: the last block stays below the rate, as in torchvision.
                double dropRate = StochasticDepth.LinearRate(options.StochasticDepth ?? PublishedStochasticDepth, index++, count + 1);
                blocks[i] = i == 0
                    ? new InvertedResidual(Block(stage, stage.InChannels, stage.Stride), stride, firstDilation, dropRate, norm)
                    : new InvertedResidual(Block(stage, stage.OutChannels, 1), 1, dilation, dropRate, norm);
            }
            sequence.AddBlocks(stage.OutChannels, blocks);
        }
        sequence.Add(layout.LastChannels,
            new ConvNormActivation(layout.Stages[^1].OutChannels, layout.LastChannels, 1, norm, Activation.Silu));
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0)
            classifier = nn.Sequential(nn.Dropout(layout.Dropout, true), nn.Linear(layout.LastChannels, options.NumClasses));
        RegisterComponents();
        Draw();
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
        Tensor pooled = adaptive_avg_pool2d(forward_features(x, -1)[0], 1).flatten(1);      // [N, LastChannels]
        return (classifier?.call(pooled) ?? pooled).MoveToOuterDisposeScope();              // [N, classes]
    }

    private static InvertedResidualLayout Block(EfficientNetStage stage, int inChannels, int stride)
    {
        int expanded = Widths.Divisible(inChannels * stage.Expansion);
        return new()
        {
            InChannels = inChannels, Expanded = expanded, OutChannels = stage.OutChannels, Kernel = stage.Kernel, Stride = stride,
            Activation = Activation.Silu, Fused = stage.Fused,
            Squeeze = stage.Fused ? null : () => new SqueezeExcitation(expanded, Math.Max(1, inChannels / 4), nn.SiLU(true)),
        };
    }

    private void Draw()
    {
        foreach (nn.Module module in ModuleTree.InOrder(this))
        {
            switch (module)
            {
                case var layer when Conv3x3.ParametersOf(layer) is ({ } weight, var bias):
                    nn.init.kaiming_normal_(weight, 0, nn.init.FanInOut.FanOut);
                    if (bias is not null) nn.init.zeros_(bias);
                    break;
                case Linear linear:
                    double bound = 1 / Math.Sqrt(linear.weight!.shape[0]);
                    nn.init.uniform_(linear.weight!, -bound, bound);
                    nn.init.zeros_(linear.bias!);
                    break;
            }
        }
    }
}
