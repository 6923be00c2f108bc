using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// Swin transformer (Liu et al. 2021, arXiv:2103.14030) with torchvision's state-dict names and initialization. Its four stages have
/// strides 4 to 32; the last is the end of <c>features</c>, before the normalization that belongs to the classifier (without classes,
/// <c>forward</c> pools it directly). Images may have any size from 4×4; after the first layer odd sizes are padded.
/// </summary>
public sealed class SwinTransformer : Backbone
{
    private const int PatchSide = 4;

    private readonly FeatureSequence sequence;
    private readonly Sequential features;
    private readonly LayerNorm? norm;
    private readonly Linear? head;

    /// <summary>A network with randomly initialized weights.</summary>
    /// <exception cref="ArgumentException">An option is not supported by this network: it has no convolutions to
    /// dilate, and layer normalization by design.</exception>
    internal SwinTransformer(SwinLayout layout, BackboneOptions options) : base(nameof(SwinTransformer), options)
    {
        options.RequireNorm(nameof(SwinTransformer), NormKind.LayerNorm2d);
        if (options.OutputStride != 32)
            throw new ArgumentException(
                $"{nameof(SwinTransformer)} cannot have output stride {options.OutputStride}: it merges patches and has no convolutions " +
                $"to dilate; leave {nameof(BackboneOptions.OutputStride)} at 32.", nameof(options));
        sequence = new FeatureSequence(options.OutputStride);
        int width = layout.Width, index = 0, count = layout.Depths.Sum();
        sequence.Downsample(PatchSide);
        sequence.Add(width, nn.Sequential(
            nn.Conv2d(options.InputChannels, width, PatchSide, PatchSide), Permute.ToChannelsLast(), nn.LayerNorm(width)));
        for (int i = 0; i < layout.Depths.Count; i++)
        {
            if (i > 0)
            {
                sequence.Downsample(2);
                sequence.Add(2 * width, new PatchMerging(width));
                width *= 2;
            }
            var blocks = new nn.Module<Tensor, Tensor>[layout.Depths[i]];
            for (int block = 0; block < blocks.Length; block++)
                blocks[block] = new SwinBlock(width, layout.Heads[i], block % 2 == 1,
                    StochasticDepth.LinearRate(options.StochasticDepth ?? layout.StochasticDepth, index++, count));
            sequence.AddBlocks(width, blocks);
        }
        sequence.EndStage();
        features = sequence.Layers;
        if (options.NumClasses > 0)
        {
            norm = nn.LayerNorm(width);
            head = nn.Linear(width, options.NumClasses);
        }
        RegisterComponents();

        foreach (Linear linear in ModuleTree.InOrder(this).OfType<Linear>())
        {
            TruncatedNormal.Fill(linear.weight, 0.02);
            if (linear.bias is { } bias) nn.init.zeros_(bias);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => sequence.Stages;

    /// <inheritdoc/>
    protected override IEnumerable<nn.Module> StageModules(int stage) => sequence.Modules(stage);

    /// <inheritdoc/>
    protected override Tensor RunStage(int stage, Tensor x)
    {
        using var scope = NewDisposeScope();
        // Internally channels come last; stage inputs and outputs are [N, C, H, W] like any other network's.
        Tensor input = stage == 0 ? x : x.permute(0, 2, 3, 1);
        return sequence.Run(stage, input, RunBlock).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor last = forward_features(x, -1)[0];                                           // [N, C, ⌈H/32⌉, ⌈W/32⌉]
        if (norm is not null) last = norm.call(last.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
        Tensor pooled = adaptive_avg_pool2d(last, 1).flatten(1);                            // [N, C]
        return (head?.call(pooled) ?? pooled).MoveToOuterDisposeScope();                    // [N, classes]
    }
}
