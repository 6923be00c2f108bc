using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A residual network for images of 32×32 (He et al. 2015, arXiv:1512.03385, section 4.2): three stages of 16, 32
/// and 64 channels, shortcuts without parameters. Keys are those of the widely used PyTorch weights:
/// <c>conv1</c>, <c>bn1</c>, <c>layer1</c> to <c>layer3</c>, <c>linear</c>.
/// </summary>
public sealed class CifarResNet : Backbone
{
    private const int StemChannels = 16;

    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Linear? linear;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <param name="blocksPerStage">n of the paper's 6n + 2 layers.</param>
    /// <param name="options">The other options. The total stride is 4, so no output stride requires dilation.</param>
    public CifarResNet(int blocksPerStage, BackboneOptions options) : base(nameof(CifarResNet), options, takesMultiGrid: true)
    {
        NormKind norm = options.Norm ?? NormKind.BatchNorm;
        BlockPlanner planner = new(options, [blocksPerStage, blocksPerStage, blocksPerStage], stemReduction: 1);
        int channels = StemChannels;
        conv1 = nn.Conv2d(options.InputChannels, channels, 3, 1, 1, bias: false);
        bn1 = Normalization.Create(norm, channels);
        layer1 = Layer(16, 1);
        layer2 = Layer(32, 2);
        layer3 = Layer(64, 2);
        if (options.NumClasses > 0) linear = nn.Linear(channels, options.NumClasses);
        RegisterComponents();
        ResNetInitialization.Draw(this);

        Sequential Layer(int width, int stride)
        {
            List<nn.Module<Tensor, Tensor>> blocks = [];
            foreach (BlockPosition place in planner.NextStage(stride))
            {
                PaddedShortcut? shortcut = place.Stride == 1 && channels == width ? null : new(channels, width, place.Stride);
                blocks.Add(new BasicBlock(
                    new() { InChannels = channels, Width = width, Downsample = shortcut, Place = place, Norm = norm }));
                channels = width;
            }
            return nn.Sequential(blocks);
        }
    }

    /// <summary>The stem (stride 1), then three stages of strides 1, 2 and 4.</summary>
    public override IReadOnlyList<Stage> Stages { get; } =
        [new("conv1", StemChannels, 1), new("layer1", 16, 1), new("layer2", 32, 2), new("layer3", 64, 4)];

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => stage switch
    {
        0 => [conv1, bn1],
        1 => [layer1],
        2 => [layer2],
        _ => [layer3],
    };

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = stage switch
        {
            0 => bn1.call(conv1.call(x)).relu_(),                           // [N, 16, H, W]
            1 => RunBlocks(layer1, x),
            2 => RunBlocks(layer2, x),
            _ => RunBlocks(layer3, x),
        };
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor last = forward_features(x, -1)[0];                           // [N, 64, ⌈H/4⌉, ⌈W/4⌉]
        Tensor pooled = adaptive_avg_pool2d(last, 1).flatten(1);            // [N, 64]
        return (linear?.call(pooled) ?? pooled).MoveToOuterDisposeScope();  // [N, classes]
    }
}
