using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A residual network of <see cref="PreActivationBlock"/>s (He et al. 2016, arXiv:1603.05027). Keys follow torchvision's ResNet:
/// <c>conv1</c>, <c>bn1</c>, <c>layerI.J.{bn1,conv1,bn2,conv2,bn3,conv3}</c>, <c>layerI.0.downsample.weight</c>, <c>fc</c>; and
/// <c>norm</c>, which with a ReLU ends the last stage. The first block has no <c>bn1</c>: the stem's replaces it.
/// </summary>
public sealed class PreActivationResNet : Backbone
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential? layer4;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Linear? fc;
    private readonly bool smallImages;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <param name="bottleneck">Whether blocks have three convolutions and an output of four times the width.</param>
    /// <param name="depths">Blocks of each stage: four stages for ImageNet, with widths of 64 to 512 after a stem of stride 4; or three
    /// for images of 32×32, with widths of 16 to 64 after a stem of stride 1.</param>
    /// <param name="options">The other options.</param>
    public PreActivationResNet(bool bottleneck, IReadOnlyList<int> depths, BackboneOptions options)
        : base(nameof(PreActivationResNet), options, takesMultiGrid: true)
    {
        if (depths.Count is not (3 or 4))
            throw new ArgumentException($"There are {depths.Count} stages; expected 3 for small images or 4.", nameof(depths));
        smallImages = depths.Count == 3;
        NormKind kind = options.Norm ?? NormKind.BatchNorm;
        int stem = smallImages ? 16 : 64;
        BlockPlanner planner = new(options, depths, stemReduction: smallImages ? 1 : 4);
        List<Stage> stages = [new("conv1", stem, smallImages ? 1 : 2)];
        int channels = stem;
        conv1 = smallImages ? nn.Conv2d(options.InputChannels, stem, 3, 1, 1, bias: false)
            : nn.Conv2d(options.InputChannels, stem, 7, 2, 3, bias: false);
        bn1 = Normalization.Create(kind, stem);
        layer1 = Layer("layer1", stem, 1);
        layer2 = Layer("layer2", stem * 2, 2);
        layer3 = Layer("layer3", stem * 4, 2);
        if (!smallImages) layer4 = Layer("layer4", stem * 8, 2);
        norm = Normalization.Create(kind, channels);
        if (options.NumClasses > 0) fc = nn.Linear(channels, options.NumClasses);
        Stages = stages;
        RegisterComponents();
        ResNetInitialization.Draw(this);

        Sequential Layer(string name, int width, int stride)
        {
            int outChannels = bottleneck ? width * Bottleneck.Expansion : width;
            List<nn.Module<Tensor, Tensor>> blocks = [];
            foreach (BlockPosition place in planner.NextStage(stride))
            {
                bool changesShape = place.Stride > 1 || channels != outChannels;
                Conv2d? downsample = changesShape ? nn.Conv2d(channels, outChannels, 1, place.Stride, bias: false) : null;
                ResidualBlockOptions block =
                    new() { InChannels = channels, Width = width, Downsample = downsample, Place = place, Norm = kind };
                blocks.Add(new PreActivationBlock(block, bottleneck, activated: stages.Count == 1 && blocks.Count == 0));
                channels = outChannels;
            }
            stages.Add(new(name, outChannels, planner.Reduction));
            return nn.Sequential(blocks);
        }
    }

    /// <summary>The stem (its output before pooling), then a stage for each layer; the last stage includes the
    /// network's final normalization and activation.</summary>
    public override IReadOnlyList<Stage> Stages { get; }

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage)
    {
        if (stage == 0) return [conv1, bn1];
        return stage == Stages.Count - 1 ? [Layer(stage), norm] : [Layer(stage)];
    }

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x)
    {
        using var scope = NewDisposeScope();
        if (stage == 0) return bn1.call(conv1.call(x)).relu_().MoveToOuterDisposeScope();
        Tensor y = RunBlocks(Layer(stage), stage == 1 && !smallImages ? max_pool2d(x, 3, 2, 1) : x);
        if (stage == Stages.Count - 1) y = norm.call(y).relu_();
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor last = forward_features(x, -1)[0];                           // [N, C, ⌈H/s⌉, ⌈W/s⌉]
        Tensor pooled = adaptive_avg_pool2d(last, 1).flatten(1);            // [N, C]
        return (fc?.call(pooled) ?? pooled).MoveToOuterDisposeScope();      // [N, classes]
    }

    private Sequential Layer(int stage) => stage switch { 1 => layer1, 2 => layer2, 3 => layer3, _ => layer4! };
}
