using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static Vision.Ops.Convolution.WinogradTransforms;

namespace Vision.Ops.Convolution;

/// <summary>
/// 3×3 convolution of stride 1 that keeps the size, by Winograd's F(4×4, 3×3) as in <see cref="WinogradConvolution"/>, for training: the
/// gradients of input and weights are batches of the same 36 products.
/// </summary>
internal sealed class WinogradFunction : autograd.SingleTensorFunction<WinogradFunction>
{
    private const string DilationKey = "dilation";

    // With more channels for each tile, transforming the weights and their gradients in every step takes longer than it saves.
    private const long ChannelsPerTile = 4;

    private static readonly Operator product = new("aten::bmm.out(Tensor self, Tensor mat2, Tensor out) -> Tensor");

    public override string Name => nameof(WinogradFunction);

    /// <summary>Whether gradients are needed, and it is faster than libtorch's convolution with them.</summary>
    /// <param name="x">[N, C, H, W]; it is not changed to channels-last for this.</param>
    /// <param name="weight">[K, C, 3, 3].</param>
    /// <param name="dilation">The dilation, and the padding.</param>
    public static bool Pays(Tensor x, Tensor weight, int dilation) => is_grad_enabled() && (x.requires_grad || weight.requires_grad)
        && !Avx512F.IsSupported && Vector256.IsHardwareAccelerated
        && x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32
        && x.dim() == 4 && x.stride(1) == 1 && x.numel() > 0 && weight.shape[0] % Lanes == 0
        && new WinogradGrid(x.shape[0], x.shape[2], x.shape[3], dilation).Count * ChannelsPerTile >= Math.Min(weight.shape[0], x.shape[1])
        && WinogradConvolution.Pays(weight.shape, new([1, 1], [dilation, dilation], [dilation, dilation], 1), ConvolutionActivation.None,
            x.shape);

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W] on the CPU with C a multiple of 8.</param>
    /// <param name="weight">float32 [K, C, 3, 3] with K a multiple of 8.</param>
    /// <param name="dilation">Distance between the pixels that the kernel covers; the padding is as large.</param>
    /// <returns>[N, K, H, W], channels-last.</returns>
    public static Tensor Convolve(Tensor x, Tensor weight, int dilation) => apply(x, weight, dilation);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        (Tensor x, Tensor weight, int dilation) = ((Tensor)vars[0], (Tensor)vars[1], (int)vars[2]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(DilationKey, dilation);
        return Convolved(MemoryFormat.ChannelsLast(x), weight, dilation).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        (Tensor x, Tensor weight, int dilation) = (saved[0], saved[1], (int)ctx.get_data(DilationKey));
        Tensor gradient = MemoryFormat.ChannelsLast(grad_output);                               // [N, K, H, W]
        // The convolution with the turned kernel, from the results' channels to the input's.
        Tensor? ofInput = x.requires_grad ? Convolved(gradient, weight.flip(2, 3).transpose(0, 1), dilation) : null;
        Tensor? ofWeight = weight.requires_grad ? WeightGradient(MemoryFormat.ChannelsLast(x), gradient, dilation) : null;
        return [ofInput?.MoveToOuterDisposeScope()!, ofWeight?.MoveToOuterDisposeScope()!, null!];
    }

    private static Tensor Convolved(Tensor x, Tensor weight, int dilation)
    {
        long k = weight.shape[0], c = weight.shape[1];
        WinogradGrid grid = new(x.shape[0], x.shape[2], x.shape[3], dilation);
        Tensor weights = WinogradWeights.Transform(weight).transpose(1, 2), zeros = torch.zeros(Math.Max(c, k));       // [36, C, K]
        Tensor y = FeatureMap.New(x.shape[0], k, x.shape[2], x.shape[3]);       // no view: the next layer may change it in place
        using WinogradMemory patches = new(), products = new();
        foreach (var (first, count) in grid.Blocks(WinogradConvolution.TilesAtOnce))
        {
            using var scope = NewDisposeScope();
            Tensor v = patches.Patches(count * Products * c).view(count, Products, c);
            Tensor m = products.Patches(count * Products * k).view(Products, count, k);
            WinogradPasses.Split(x, zeros, v, grid, first);
            product.Call(v.transpose(0, 1), weights, m);
            WinogradPasses.Join(m.transpose(0, 1), zeros, null, y, relu: false, grid, first);
        }
        return y;
    }

    private static Tensor WeightGradient(Tensor x, Tensor gradient, int dilation)
    {
        long k = gradient.shape[1], c = x.shape[1];
        WinogradGrid grid = new(x.shape[0], x.shape[2], x.shape[3], dilation);
        Tensor zeros = torch.zeros(Math.Max(c, k)), sum = torch.zeros(Products, k, c), part = empty(Products, k, c);
        using WinogradMemory patches = new(), products = new();
        foreach (var (first, count) in grid.Blocks(WinogradConvolution.TilesAtOnce))
        {
            using var scope = NewDisposeScope();
            Tensor v = patches.Patches(count * Products * c).view(count, Products, c);
            Tensor m = products.Patches(count * Products * k).view(count, Products, k);
            WinogradPasses.Split(x, zeros, v, grid, first);
            WinogradPasses.Spread(gradient, zeros, m, grid, first);
            product.Call(m.permute(1, 2, 0), v.transpose(0, 1), part);                          // [36, K, C]
            sum.add_(part);
        }
        return WinogradWeights.Gradient(sum);
    }
}
