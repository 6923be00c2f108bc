using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;
using static Vision.Ops.Convolution.WinogradTransforms;

namespace Vision.Ops.Convolution;

/// <summary>
/// 3×3 convolution of stride 1 on the CPU, also dilated, by Winograd's F(4×4, 3×3) (Lavin and Gray 2015, arXiv:1509.09308): 36
/// multiplications where the definition has 144, as <see cref="WinogradProducts"/> of the transformed patches of many tiles. In float32 its
/// rounding errors are as large as those of a direct convolution. Inputs and results are channels-last; one call at a time.
/// </summary>
internal sealed class WinogradConvolution : IDisposable
{
    /// <summary>So many tiles that their products are large, so few that patches and products stay in the cache.</summary>
    public const long TilesAtOnce = 256;

    // In double precision, all together would take many times the memory of the weights.
    private const int FiltersAtOnce = 32;

    // Measured with 32 to 2048 channels on 7×7 to 200×272 pixels. With fewer channels, transforms take as long as the multiplications that
    // they save. With many channels for each tile, the products wait for the weights, of which there are four times as many.
    private static readonly long leastChannels = Avx512F.IsSupported ? 32 : 40, channelsPerTile = Avx512F.IsSupported ? 5 : 10;

    // A tile costs as much as so many results of the definition: 36 of 9 multiplications, and the transforms.
    private static readonly double resultsPerTile = Avx512F.IsSupported ? 7 : 6;

    private readonly WinogradProducts products;            // with K rounded up to whole lanes
    private readonly Tensor bias, zeros;                   // [K], [C]
    private readonly int channels, filters, dilation;
    private readonly bool isRelu;
    private readonly WinogradMemory memory;

    /// <summary>Transforms the weights.</summary>
    /// <param name="weight">float32 [K, C, 3, 3] with C a multiple of 8.</param>
    /// <param name="bias">float32 [K], or null.</param>
    /// <param name="dilation">Distance between the pixels that the kernel covers; the padding is as large.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="memory">The memory between its steps.</param>
    public WinogradConvolution(Tensor weight, Tensor? bias, int dilation, ConvolutionActivation activation, WinogradMemory memory)
    {
        this.memory = memory;
        this.dilation = dilation;
        using var scope = NewDisposeScope();
        (filters, channels) = ((int)weight.shape[0], (int)weight.shape[1]);
        isRelu = activation == ConvolutionActivation.Relu;
        int missing = RoundedUp(filters) - filters;                                         // filters of zeros complete the lanes
        Tensor transformed = TorchSharp.torch.zeros(Products, filters + missing, channels);
        for (int first = 0; first < filters; first += FiltersAtOnce)
        {
            using var part = NewDisposeScope();
            int count = Math.Min(FiltersAtOnce, filters - first);
            transformed.narrow(1, first, count).copy_(WinogradWeights.Transform(weight.narrow(0, first, count).to(ScalarType.Float64)));
        }
        products = new(transformed, TilesAtOnce);
        this.bias = (bias is null ? TorchSharp.torch.zeros(RoundedUp(filters)) : nn.functional.pad(bias, [0, missing]))
            .DetachFromDisposeScope();
        zeros = TorchSharp.torch.zeros(channels).DetachFromDisposeScope();
    }

    /// <summary>Whether it is faster than oneDNN's convolution, as measured.</summary>
    /// <param name="weight">The weights' shape, [K, C, kh, kw].</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="activation">What is applied to the result.</param>
    /// <param name="input">The input's shape, [N, C, H, W].</param>
    public static bool Pays(long[] weight, ConvolutionGeometry geometry, ConvolutionActivation activation, long[] input)
    {
        if (weight is not [var k, var c, 3, 3] || Math.Min(c, k) < leastChannels || c % Lanes != 0
            || geometry is not { Groups: 1, Stride: [1, 1], Dilation: [var d, var e], Padding: [var p, var q] }
            || d != e || d != p || d != q
            || activation is not (ConvolutionActivation.None or ConvolutionActivation.Relu) || !Vector256.IsHardwareAccelerated)
            return false;
        long tiles = new WinogradGrid(input[0], input[2], input[3], d).Count;
        return tiles * channelsPerTile >= Math.Min(c, k)
            && tiles * resultsPerTile < input[0] * input[2] * input[3] * Inside(input[2], d) * Inside(input[3], d);
    }

    /// <summary>The part of a kernel's three rows, or columns, that lies inside the image on average: oneDNN skips the others.</summary>
    private static double Inside(long side, long dilation) => (1 + 2 * Math.Max(0, 1 - (double)dilation / side)) / 3;

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last.</param>
    /// <param name="residual">Added before the activation; [N, K, H, W], channels-last; may be null.</param>
    /// <returns>[N, K, H, W], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        long[] shape = x.shape;
        WinogradGrid grid = new(shape[0], shape[2], shape[3], dilation);
        Tensor y = FeatureMap.New(shape[0], filters, shape[2], shape[3]);
        foreach (var (first, count) in grid.Blocks(TilesAtOnce))
        {
            using var scope = NewDisposeScope();
            Tensor patches = memory.Patches(count * Products * channels).view(count, Products, channels);
            WinogradPasses.Split(x, zeros, patches, grid, first);
            WinogradPasses.Join(products.Call(patches), bias, residual, y, isRelu, grid, first);
        }
        return y;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        products.Dispose();
        bias.Dispose();
        zeros.Dispose();
    }
}
