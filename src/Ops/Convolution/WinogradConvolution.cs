using System.Runtime.CompilerServices;
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
internal sealed unsafe class WinogradConvolution : IDisposable
{
    // So many that the products are large, so few that patches and products stay in the cache.
    private const long TilesAtOnce = 256;

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
        Tensor g = tensor(new double[]
        {
            1 / 4d, 0, 0,  -1 / 6d, -1 / 6d, -1 / 6d,  -1 / 6d, 1 / 6d, -1 / 6d,  1 / 24d, 1 / 12d, 1 / 6d,  1 / 24d, -1 / 12d, 1 / 6d,
            0, 0, 1,
        }).view(Patch, 3);
        int missing = RoundedUp(filters) - filters;                                         // filters of zeros complete the lanes
        Tensor transformed = TorchSharp.torch.zeros(Products, filters + missing, channels);
        for (int first = 0; first < filters; first += FiltersAtOnce)
        {
            using var part = NewDisposeScope();
            int count = Math.Min(FiltersAtOnce, filters - first);
            Tensor own = weight.narrow(0, first, count).to(ScalarType.Float64);                 // [count, C, 3, 3]
            transformed.narrow(1, first, count).copy_(einsum("ia,kcab,jb->ijkc", g, own, g).reshape(Products, count, channels));
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
        (long images, int height, int width) = (x.shape[0], (int)x.shape[2], (int)x.shape[3]);
        Tensor y = empty(images, height, width, filters);
        Convolve(x.Pointer<float>(), y.Pointer<float>(), residual is null ? null : residual.Pointer<float>(), images, height, width);
        GC.KeepAlive(residual);
        using (y) return y.permute(0, 3, 1, 2);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        products.Dispose();
        bias.Dispose();
        zeros.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Convolve(float* x, float* y, float* residual, long images, int height, int width)
    {
        WinogradGrid grid = new(images, height, width, dilation);
        long pixels = (long)height * width;
        nint px = (nint)x, py = (nint)y, pr = (nint)residual, pz = (nint)zeros.Pointer<float>(), pb = (nint)bias.Pointer<float>();
        (int c, int k, int step, bool relu) = (channels, filters, dilation, isRelu);
        long blocks = (grid.Count + TilesAtOnce - 1) / TilesAtOnce;
        for (long block = 0; block < blocks; block++)
        {
            using var scope = NewDisposeScope();
            // Of nearly the same size: packed weights serve similar sizes only.
            long start = grid.Count * block / blocks, count = grid.Count * (block + 1) / blocks - start, size = count * Products * c;
            Tensor v = memory.Patches(size).narrow(0, 0, size).view(count, Products, c);
            nint pv = (nint)v.Pointer<float>();
            ParallelLoop.For(count, 16, (begin, end) =>
            {
                for (long t = begin; t < end; t++)
                {
                    (long image, int top, int left) = grid[start + t];
                    Split((float*)px + image * pixels * c, (float*)pz, (float*)pv + t * Products * c, top - step, left - step, step, height,
                        width, c);
                }
            });
            Tensor m = products.Call(v);                                                    // [count, 36, K]
            nint pm = (nint)m.Pointer<float>();
            (long nextTile, long nextProduct) = (m.stride(0), m.stride(1));
            ParallelLoop.For(count, 16, (begin, end) =>
            {
                for (long t = begin; t < end; t++)
                {
                    (long image, int top, int left) = grid[start + t];
                    float* added = pr == 0 ? null : (float*)pr + image * pixels * k;
                    Join((float*)pm + t * nextTile, nextProduct, (float*)pb, added, (float*)py + image * pixels * k, top, left, step, height,
                        width, k, relu);
                }
            });
        }
    }
}
