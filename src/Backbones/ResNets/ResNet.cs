using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A residual network (He et al. 2015, arXiv:1512.03385) with torchvision's state-dict names and initialisation: the same
/// random state gives the same weights.
/// </summary>
public sealed class ResNet : Backbone
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly Linear? fc;

    /// <summary>A network with freshly drawn weights.</summary>
    public ResNet(ResNetLayout layout, BackboneOptions options) : base(nameof(ResNet))
    {
        int expansion = layout.Block == ResNetBlock.Basic ? BasicBlock.Expansion : Bottleneck.Expansion;
        conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias: false);
        bn1 = Normalization.Create(options.Norm, 64);
        int channels = 64;
        layer1 = Layer(64, 1, layout.Depths[0]);
        layer2 = Layer(128, 2, layout.Depths[1]);
        layer3 = Layer(256, 2, layout.Depths[2]);
        layer4 = Layer(512, 2, layout.Depths[3]);
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        RegisterComponents();

        Stages =
        [
            new("conv1", 64, 2),
            new("layer1", 64 * expansion, 4),
            new("layer2", 128 * expansion, 8),
            new("layer3", 256 * expansion, 16),
            new("layer4", 512 * expansion, 32),
        ];

        foreach (Conv2d convolution in Convolutions(this))
            nn.init.kaiming_normal_(convolution.weight!, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);

        Sequential Layer(int width, int stride, int depth)
        {
            var blocks = new nn.Module<Tensor, Tensor>[depth];
            for (int i = 0; i < depth; i++)
            {
                blocks[i] = Block(width, i == 0 ? stride : 1);
                channels = width * expansion;
            }
            return nn.Sequential(blocks);
        }

        nn.Module<Tensor, Tensor> Block(int width, int stride)
        {
            // Made before the block's own convolutions, as in torchvision: the order of random numbers depends on it.
            Sequential? downsample = stride == 1 && channels == width * expansion ? null : nn.Sequential(
                nn.Conv2d(channels, width * expansion, 1, stride, bias: false),
                Normalization.Create(options.Norm, width * expansion));
            return layout.Block == ResNetBlock.Basic
                ? new BasicBlock(channels, width, stride, downsample, options.Norm)
                : new Bottleneck(channels, width, stride, downsample, options.Norm);
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
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor c5 = forward_features(x, -1)[0];                         // [N, C, ⌈H/32⌉, ⌈W/32⌉]
        Tensor pooled = adaptive_avg_pool2d(c5, 1).flatten(1);          // [N, C]
        return (fc?.call(pooled) ?? pooled).MoveToOuterDisposeScope();  // [N, classes]
    }

    /// <inheritdoc/>
    public override Tensor[] forward_features(Tensor x, params ReadOnlySpan<int> outIndices)
    {
        int[] wanted = ResolveStages(outIndices);
        using var scope = NewDisposeScope();
        var outputs = new Tensor[wanted.Length];
        int taken = 0;
        for (int stage = 0; taken < wanted.Length; stage++)
        {
            x = stage switch
            {
                0 => bn1.call(conv1.call(x)).relu_(),                   // [N, 64, ⌈H/2⌉, ⌈W/2⌉]
                1 => layer1.call(max_pool2d(x, 3, 2, 1)),
                2 => layer2.call(x),
                3 => layer3.call(x),
                _ => layer4.call(x),
            };
            if (stage == wanted[taken]) outputs[taken++] = x.MoveToOuterDisposeScope();
        }
        return outputs;
    }

    // Depth first, in order of registration, as Python's modules() goes: it fixes the order of random numbers.
    private static IEnumerable<Conv2d> Convolutions(nn.Module module) =>
        module.children().SelectMany(child => child is Conv2d convolution ? [convolution] : Convolutions(child));
}
