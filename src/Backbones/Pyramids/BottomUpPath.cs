using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// PANet's bottom-up path (Liu et al. 2018, arXiv:1803.01534, figure 1b): each level is merged with the finer one, which a strided
/// convolution halves. Keys are mmdetection's, <c>downsample_convs</c> and <c>pafpn_convs</c>.
/// </summary>
internal sealed class BottomUpPath : nn.Module<Tensor[], Tensor[]>
{
    private readonly ModuleList<Sequential> downsample_convs;
    private readonly ModuleList<Sequential> pafpn_convs;
    private readonly PyramidFusion fusion;

    /// <summary>A path with randomly initialized weights.</summary>
    /// <param name="levels">Number of levels of the pyramid.</param>
    /// <param name="options">The options of the pyramid.</param>
    public BottomUpPath(int levels, FpnOptions options) : base(nameof(BottomUpPath))
    {
        fusion = options.Fusion;
        downsample_convs = new ModuleList<Sequential>();
        pafpn_convs = new ModuleList<Sequential>();
        for (int i = 1; i < levels; i++)
        {
            downsample_convs.Add(PyramidLayers.Convolution(options.OutChannels, options.OutChannels, 3, options.Norm, stride: 2));
            pafpn_convs.Add(PyramidLayers.Convolution(options.OutChannels, options.OutChannels, 3, options.Norm));
        }
        RegisterComponents();
        PyramidLayers.Draw(this);
    }

    /// <summary>New levels of the same shapes; the finest is the given one.</summary>
    /// <param name="levels">P2..P5, finest first, each half the size (rounded up) of the previous one.</param>
    public override Tensor[] forward(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        var augmented = new Tensor[levels.Length];
        augmented[0] = levels[0];
        for (int i = 1; i < levels.Length; i++)
        {
            Tensor finer = downsample_convs[i - 1].call(augmented[i - 1]).relu_();      // [N, outChannels, Hᵢ, Wᵢ]
            Tensor merged = fusion == PyramidFusion.Mean ? (levels[i] + finer) / 2 : levels[i] + finer;
            augmented[i] = pafpn_convs[i - 1].call(merged).relu_().MoveToOuterDisposeScope();
        }
        return augmented;
    }
}
