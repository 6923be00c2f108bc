using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A layer that pads zeros at the bottom and right: it keeps the size under an even kernel whose stride became dilation.</summary>
internal sealed class PadEnd : nn.Module<Tensor, Tensor>
{
    private readonly int pixels;

    /// <summary>Pads <paramref name="pixels"/> rows and columns.</summary>
    public PadEnd(int pixels) : base(nameof(PadEnd)) => this.pixels = pixels;

    /// <summary>[N, C, H, W] to [N, C, H + pixels, W + pixels].</summary>
    public override Tensor forward(Tensor x) => nn.functional.pad(x, [0, pixels, 0, pixels]);
}
