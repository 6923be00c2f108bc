using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A residual network (He et al. 2015, arXiv:1512.03385) or one of its variants, with torchvision's state-dict names (timm's, if
/// torchvision lacks it). Torchvision's networks also have its initialization: the same random state results in the same weights.
/// </summary>
public sealed class ResNet : Backbone
{
    private const int StemChannels = 64;

    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly Linear? fc;

    /// <summary>A network with randomly initialized weights.</summary>
    public ResNet(ResNetLayout layout, BackboneOptions options) : base(nameof(ResNet), options, takesMultiGrid: true)
    {
        if (options.DeformableStages is < 0 or > 4 || (options.DeformableStages > 0 && layout.Block != ResNetBlock.Bottleneck))
            throw new ArgumentException(
                $"The number of deformable stages is {options.DeformableStages}; expected 0 to 4, " +
                "and 0 if the blocks are not plain bottlenecks.", nameof(options));
        NormKind norm = options.Norm ?? NormKind.BatchNorm;
        conv1 = layout.VariantD ? DeepStem(options.InputChannels, norm)
            : nn.Conv2d(options.InputChannels, StemChannels, 7, 2, 3, bias: false);
        bn1 = Normalization.Create(norm, StemChannels);
        List<Stage> stages = [new("conv1", StemChannels, 2)];
        BlockPlanner planner = new(options, layout.Depths, stemReduction: 4);
        int channels = StemChannels;
        layer1 = Layer("layer1", 64, 1);
        layer2 = Layer("layer2", 128, 2);
        layer3 = Layer("layer3", 256, 2);
        layer4 = Layer("layer4", 512, 2);
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        Stages = stages;
        RegisterComponents();
        ResNetInitialization.Draw(this);

        Sequential Layer(string name, int width, int stride)
        {
            int outChannels = width * layout.Expansion;
            List<nn.Module<Tensor, Tensor>> blocks = [];
            foreach (BlockPosition place in planner.NextStage(stride))
            {
                // Created before the block's own convolutions, as in torchvision, to keep the order of random draws.
                bool changesShape = blocks.Count == 0 && (stride > 1 || channels != outChannels);
                Sequential? downsample = !changesShape ? null
                    : layout.VariantD ? Shortcut.Averaged(channels, outChannels, place.Stride, place.Stride < stride, norm)
                    : Shortcut.Projection(channels, outChannels, place.Stride, norm);
                blocks.Add(Block(layout, new ResidualBlockOptions
                {
                    InChannels = channels, Width = width, Downsample = downsample, Place = place, Norm = norm,
                    Groups = layout.Groups, WidthPerGroup = layout.WidthPerGroup, SqueezeExcitation = layout.SqueezeExcitation,
                    Deformable = stages.Count > 4 - options.DeformableStages,
                }));
                channels = outChannels;
            }
            stages.Add(new(name, outChannels, planner.Reduction));
            return nn.Sequential(blocks);
        }
    }

    /// <summary>The stem (its output before pooling, stride 2), then C2..C5.</summary>
    public override IReadOnlyList<Stage> Stages { get; }

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => stage switch
    {
        0 => [conv1, bn1],
        1 => [layer1],
        2 => [layer2],
        3 => [layer3],
        _ => [layer4],
    };

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = stage switch
        {
            0 => bn1.call(conv1.call(x)).relu_(),                       // [N, 64, ⌈H/2⌉, ⌈W/2⌉]
            1 => RunBlocks(layer1, max_pool2d(x, 3, 2, 1)),
            2 => RunBlocks(layer2, x),
            3 => RunBlocks(layer3, x),
            _ => RunBlocks(layer4, x),
        };
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor c5 = forward_features(x, -1)[0];                         // [N, C, ⌈H/32⌉, ⌈W/32⌉]
        Tensor pooled = adaptive_avg_pool2d(c5, 1).flatten(1);          // [N, C]
        return (fc?.call(pooled) ?? pooled).MoveToOuterDisposeScope();  // [N, classes]
    }

    private static nn.Module<Tensor, Tensor> Block(ResNetLayout layout, ResidualBlockOptions options) => layout.Block switch
    {
        ResNetBlock.Basic => new BasicBlock(options),
        ResNetBlock.Bottleneck => new Bottleneck(options),
        _ => new Res2NetBlock(options),
    };

    private static Sequential DeepStem(int inputChannels, NormKind norm)
    {
        const int width = StemChannels / 2;
        return nn.Sequential(
            nn.Conv2d(inputChannels, width, 3, 2, 1, bias: false), Normalization.Create(norm, width), nn.ReLU(true),
            nn.Conv2d(width, width, 3, 1, 1, bias: false), Normalization.Create(norm, width), nn.ReLU(true),
            nn.Conv2d(width, StemChannels, 3, 1, 1, bias: false));
    }
}
