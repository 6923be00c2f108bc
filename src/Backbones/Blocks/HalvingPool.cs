using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Backbones;

/// <summary>
/// Max or average pooling over 2×2 pixels at stride 2. If the output stride rules out the stride, the four pixels are <c>dilation</c>
/// apart and the size is kept, so that the subsampled output equals the strided one.
/// </summary>
internal sealed class HalvingPool : nn.Module<Tensor, Tensor>
{
    private readonly bool maximum;
    private readonly int stride;
    private readonly int dilation;

    /// <summary>A pooling layer.</summary>
    /// <param name="maximum">True for the maximum, false for the mean.</param>
    /// <param name="stride">2, or 1 if dilation replaces the stride.</param>
    /// <param name="dilation">Distance between the pooled pixels at stride 1.</param>
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
