using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A feature pyramid (Lin et al. 2017, arXiv:1612.03144): projects the stages of a backbone to the same number of channels, merges
/// coarse levels into finer ones top-down, and appends extra coarse levels. By default it computes P2..P6 from C2..C5.
/// </summary>
public sealed class FeaturePyramid : nn.Module<Tensor[], Tensor[]>
{
    private readonly ModuleList<Sequential> inner_blocks;
    private readonly ModuleList<Sequential> layer_blocks;
    private readonly BottomUpPath? bottom_up;
    private readonly LastLevelP6P7? extra_blocks;
    private readonly FpnOptions options;

    /// <summary>A pyramid with randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input stages, finest first.</param>
    /// <param name="options">The other options; null for the defaults.</param>
    public FeaturePyramid(IReadOnlyList<int> inChannels, FpnOptions? options = null) : base(nameof(FeaturePyramid))
    {
        this.options = options ??= new FpnOptions();
        // Created before the pyramid's own layers, as in torchvision, to keep the order of random draws.
        extra_blocks = options.Extra switch
        {
            ExtraLevels.ConvolvedFromC5 => new LastLevelP6P7(inChannels[^1], options.OutChannels),
            ExtraLevels.ConvolvedFromP5 => new LastLevelP6P7(options.OutChannels, options.OutChannels),
            _ => null,
        };
        inner_blocks = new ModuleList<Sequential>();
        layer_blocks = new ModuleList<Sequential>();
        foreach (int channels in inChannels)
        {
            inner_blocks.Add(PyramidLayers.Convolution(channels, options.OutChannels, 1, options.Norm));
            layer_blocks.Add(PyramidLayers.Convolution(options.OutChannels, options.OutChannels, 3, options.Norm));
        }
        if (options.BottomUp) bottom_up = new BottomUpPath(inChannels.Count, options);
        RegisterComponents();
        PyramidLayers.Draw(inner_blocks, layer_blocks);
    }

    /// <summary>The levels, finest first: [N, outChannels, Hᵢ, Wᵢ] for each stage, then the extra
    /// levels, each half the size of the previous one.</summary>
    /// <param name="stages">Stages of a backbone, finest first: [N, inChannels[i], Hᵢ, Wᵢ].</param>
    public override Tensor[] forward(Tensor[] stages)
    {
        using var scope = NewDisposeScope();
        Tensor[] levels = TopDown(stages);
        if (bottom_up is not null) levels = bottom_up.call(levels);
        Tensor[] extra = options.Extra switch
        {
            ExtraLevels.Pooled => [max_pool2d(levels[^1], 1, 2)],
            ExtraLevels.ConvolvedFromC5 => extra_blocks!.call(stages[^1]),
            ExtraLevels.ConvolvedFromP5 => extra_blocks!.call(levels[^1]),
            _ => [],
        };
        levels = [.. levels, .. extra];
        foreach (Tensor level in levels) level.MoveToOuterDisposeScope();
        return levels;
    }

    private Tensor[] TopDown(Tensor[] stages)
    {
        var levels = new Tensor[stages.Length];
        Tensor? coarser = null;
        for (int i = stages.Length - 1; i >= 0; i--)
        {
            Tensor merged = inner_blocks[i].call(stages[i]);            // [N, outChannels, Hᵢ, Wᵢ]
            if (coarser is not null)
            {
                merged = merged.add_(ResizeLike.Nearest(coarser, merged));
                if (options.Fusion == PyramidFusion.Mean) merged = merged.div_(2);
            }
            levels[i] = layer_blocks[i].call(merged);
            coarser = merged;
        }
        return levels;
    }
}
