using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// The maximum or mean of 2×2 pixels, at stride 2. Where the output stride takes the stride away, the four pixels lie <c>dilation</c> apart
/// and the size stays, so that the output, subsampled, is the strided one's.
/// </summary>
internal sealed class HalvingPool : nn.Module<Tensor, Tensor>
{
    private readonly bool maximum;
    private readonly int stride;
    private readonly int dilation;

    /// <summary>A pooling layer.</summary>
    /// <param name="maximum">Whether it takes the maximum, else the mean.</param>
    /// <param name="stride">2, or 1 where the stride was taken away.</param>
    /// <param name="dilation">Pixels between those that are pooled, at stride 1.</param>
    public HalvingPool(bool maximum, int stride, int dilation) : base(nameof(HalvingPool)) =>
        (this.maximum, this.stride, this.dilation) = (maximum, stride, dilation);

    /// <summary>[N, C, H, W] to [N, C, ⌊H/2⌋, ⌊W/2⌋], or to the same shape at stride 1.</summary>
    public override Tensor forward(Tensor x)
    {
        if (stride == 2) return maximum ? max_pool2d(x, 2, 2) : avg_pool2d(x, 2, 2);
        using var scope = NewDisposeScope();
        Tensor padded = pad(x, [0, dilation, 0, dilation], PaddingModes.Replicate);         // [N, C, H + dilation, W + dilation]
        if (maximum) return max_pool2d(padded, 2, 1, 0, dilation).MoveToOuterDisposeScope();
        long height = x.shape[2], width = x.shape[3];
        Tensor rows = padded.narrow(2, 0, height) + padded.narrow(2, dilation, height);     // [N, C, H, W + dilation]
        return (rows.narrow(3, 0, width) + rows.narrow(3, dilation, width)).mul_(0.25).MoveToOuterDisposeScope();
    }
}
