using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// ConvNeXt (Liu et al. 2022, arXiv:2201.03545) with torchvision's state-dict names and initialization. Its four stages have strides 4 to
/// 32; the last is the end of <c>features</c>, before the normalization that belongs to the classifier (without classes, <c>forward</c>
/// pools it directly). Odd sizes are rounded down, as in torchvision.
/// </summary>
public sealed class ConvNeXt : Backbone
{
    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly Sequential? classifier;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network.</exception>
    internal ConvNeXt(ConvNeXtLayout layout, BackboneOptions options) : base(nameof(ConvNeXt), options)
    {
        options.RequireNorm(nameof(ConvNeXt), NormKind.LayerNorm2d);
        sequence = new FeatureSequence(options.OutputStride);
        int dilation = 1, index = 0, count = layout.Depths.Sum();
        for (int i = 0; i < layout.Widths.Count; i++)
        {
            int width = layout.Widths[i];
            if (i == 0)
            {
                sequence.Add(width, nn.Sequential(
                    nn.Conv2d(options.InputChannels, width, 4, sequence.Downsample(4).Stride), new LayerNorm2d(width)));
            }
            else
            {
                (int stride, int firstDilation, dilation) = sequence.Downsample(2);
                var (norm, convolution) = (new LayerNorm2d(layout.Widths[i - 1]),
                    nn.Conv2d(layout.Widths[i - 1], width, 2, stride, 0, firstDilation));
                sequence.Add(width, stride == 2
                    ? nn.Sequential(("0", norm), ("1", convolution))
                    : nn.Sequential(("0", norm), ("pad", new PadEnd(firstDilation)), ("1", convolution)));
            }
            var blocks = new nn.Module<Tensor, Tensor>[layout.Depths[i]];
            for (int block = 0; block < blocks.Length; block++)
                blocks[block] = new ConvNeXtBlock(width, dilation,
                    StochasticDepth.LinearRate(options.StochasticDepth ?? layout.StochasticDepth, index++, count));
            sequence.AddBlocks(width, blocks);
        }
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0)
            classifier = nn.Sequential(new LayerNorm2d(layout.Widths[^1]), nn.Flatten(1), nn.Linear(layout.Widths[^1], options.NumClasses));
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
        Tensor pooled = adaptive_avg_pool2d(forward_features(x, -1)[0], 1);                         // [N, C, 1, 1]
        return (classifier?.call(pooled) ?? pooled.flatten(1)).MoveToOuterDisposeScope();           // [N, classes]
    }

    private void Draw()
    {
        foreach (nn.Module module in ModuleTree.InOrder(this))
        {
            var (weight, bias) = module switch
            {
                Conv2d convolution => (convolution.weight, convolution.bias),
                Linear linear => (linear.weight, linear.bias),
                _ => (null, null),
            };
            if (weight is null) continue;
            TruncatedNormal.Fill(weight, 0.02);
            nn.init.zeros_(bias!);
        }
    }
}
