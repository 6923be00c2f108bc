using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Ops;

/// <summary>Dilated 3×3 convolution that keeps the size.</summary>
public static unsafe class DilatedConv
{
    private static readonly CustomOperator op = new("dilated_conv2d(Tensor x, Tensor weight, int dilation) -> Tensor", &Kernel);

    /// <summary>
    /// The convolution without bias, at stride 1, with as much padding as dilation. On a map so small that the outer taps always lie
    /// outside, only the inner taps are computed: the same result with as little as a ninth of the products.
    /// </summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[K, C, 3, 3].</param>
    /// <param name="dilation">Pixels between the kernel's taps, 1 or more.</param>
    /// <returns>[N, K, H, W].</returns>
    public static Tensor Conv2d(Tensor x, Tensor weight, int dilation) => op.Call(x, weight, (long)dilation);

    [UnmanagedCallersOnly]
    private static void Kernel(ulong* stack, ulong arguments, ulong results) => op.Run(stack, given =>
    {
        Tensor x = given.Tensor(0), kernel = given.Tensor(1);
        long dilation = given.Int(2);
        // whether only one row or column of the kernel ever overlaps the map
        bool row = x.shape[2] <= dilation, column = x.shape[3] <= dilation;
        if (row) kernel = kernel.narrow(2, 1, 1);
        if (column) kernel = kernel.narrow(3, 1, 1);
        return conv2d(x, kernel, null, [1, 1], [row ? 0 : dilation, column ? 0 : dilation], [dilation, dilation]);
    });
}
