using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>Two extra levels by convolutions of stride 2, with a ReLU between them (Lin et al. 2017,
/// arXiv:1708.02002). Keys are torchvision's, <c>p6</c> and <c>p7</c>.</summary>
internal sealed class LastLevelP6P7 : nn.Module<Tensor, Tensor[]>
{
    private readonly Conv2d p6;
    private readonly Conv2d p7;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input, C5 or P5.</param>
    /// <param name="outChannels">Channels of every level.</param>
    public LastLevelP6P7(int inChannels, int outChannels) : base(nameof(LastLevelP6P7))
    {
        p6 = nn.Conv2d(inChannels, outChannels, 3, 2, 1);
        p7 = nn.Conv2d(outChannels, outChannels, 3, 2, 1);
        RegisterComponents();
        PyramidLayers.Draw(p6, p7);
        nn.init.zeros_(p6.bias!);
        nn.init.zeros_(p7.bias!);
    }

    /// <summary>P6 and P7, [N, outChannels, ⌈H/2⌉, ⌈W/2⌉] and [N, outChannels, ⌈H/4⌉, ⌈W/4⌉].</summary>
    /// <param name="x">C5 or P5, [N, inChannels, H, W].</param>
    public override Tensor[] forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // With AVX-512 BF16, oneDNN's gradient of these weights is now and then not finite. They cost next to nothing in float32.
        using IDisposable? exact = Autocast.Suspend(x.device_type);
        Tensor coarse = p6.call(Autocast.Widen(x));
        return [coarse.MoveToOuterDisposeScope(), p7.call(relu(coarse)).MoveToOuterDisposeScope()];
    }
}
