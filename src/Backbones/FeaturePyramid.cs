using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// A feature pyramid (Lin et al. 2017, arXiv:1612.03144): brings stages of a backbone to one width, adds coarse meaning to fine ones,
/// and subsamples the coarsest once more. From C2..C5 it makes P2..P6.
/// </summary>
public sealed class FeaturePyramid : nn.Module<Tensor[], Tensor[]>
{
    private readonly ModuleList<Sequential> inner_blocks;
    private readonly ModuleList<Sequential> layer_blocks;

    /// <summary>A pyramid with freshly drawn weights.</summary>
    /// <param name="inChannels">Channels of the stages that it is given, finest first.</param>
    /// <param name="outChannels">Channels of every level.</param>
    public FeaturePyramid(IReadOnlyList<int> inChannels, int outChannels) : base(nameof(FeaturePyramid))
    {
        // Each convolution is a sequence of one, since torchvision's keys are inner_blocks.0.0.weight.
        inner_blocks = new ModuleList<Sequential>();
        layer_blocks = new ModuleList<Sequential>();
        foreach (int channels in inChannels)
        {
            inner_blocks.Add(nn.Sequential(nn.Conv2d(channels, outChannels, 1)));
            layer_blocks.Add(nn.Sequential(nn.Conv2d(outChannels, outChannels, 3, 1, 1)));
        }
        RegisterComponents();
        foreach (var parameter in inner_blocks.parameters().Concat(layer_blocks.parameters()))
            if (parameter.dim() > 1) nn.init.kaiming_uniform_(parameter, 1);
            else nn.init.zeros_(parameter);
    }

    /// <summary>The levels, finest first: [N, outChannels, Hᵢ, Wᵢ] like each stage, and one more at half the coarsest's size.</summary>
    /// <param name="stages">Stages of a backbone, finest first: [N, inChannels[i], Hᵢ, Wᵢ].</param>
    public override Tensor[] forward(Tensor[] stages)
    {
        using var scope = NewDisposeScope();
        var levels = new Tensor[stages.Length + 1];
        Tensor? coarser = null;
        for (int i = stages.Length - 1; i >= 0; i--)
        {
            Tensor merged = inner_blocks[i].call(stages[i]);            // [N, outChannels, Hᵢ, Wᵢ]
            if (coarser is not null)
                merged = merged.add_(interpolate(coarser, [merged.shape[2], merged.shape[3]], mode: InterpolationMode.Nearest));
            levels[i] = layer_blocks[i].call(merged);
            coarser = merged;
        }
        levels[^1] = max_pool2d(levels[^2], 1, 2);
        foreach (Tensor level in levels) level.MoveToOuterDisposeScope();
        return levels;
    }
}
