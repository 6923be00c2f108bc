using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>
/// 3×3 convolution of stride 1 and padding 1 on the CPU by Winograd's F(4×4, 3×3) (Lavin and Gray 2015, arXiv:1509.09308): 36
/// multiplications where the definition has 144. Tiles of 6×6 pixels are transformed, eight channels at a time, and multiplied with the
/// transformed weights by libtorch's batched matrix product. In float32 its rounding errors are as large as those of a direct convolution.
/// Inputs and results are channels-last; one call at a time.
/// </summary>
internal sealed unsafe class WinogradConvolution : IDisposable
{
    private const int Lanes = 8, Tile = 4, Patch = 6, Products = Patch * Patch;

    // So many that the matrix products are large, so few that their operands stay in the cache.
    private const int TilesAtOnce = 1400;

    // Below, transforms take longer than the multiplications that they save; and with few tiles for each channel, the products only wait
    // for the weights, of which there are four times as many. Measured with 64 to 512 channels on 7×7 to 120×160 pixels.
    private const long LeastChannels = 64, ChannelsPerTile = 10;

    private static readonly Operator multiply = new("aten::bmm.out(Tensor self, Tensor mat2, Tensor out) -> Tensor");

    private readonly Tensor weight;                        // [36, C, K]
    private readonly Tensor bias, zeros;                   // [K], [C]
    private readonly int channels, filters;
    private readonly bool isRelu;
    private readonly WinogradMemory memory;

    /// <summary>Transforms the weights.</summary>
    /// <param name="weight">float32 [K, C, 3, 3] with C and K multiples of 8.</param>
    /// <param name="bias">float32 [K], or null.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="memory">The memory between its steps.</param>
    public WinogradConvolution(Tensor weight, Tensor? bias, ConvolutionActivation activation, WinogradMemory memory)
    {
        this.memory = memory;
        using var scope = NewDisposeScope();
        (filters, channels) = ((int)weight.shape[0], (int)weight.shape[1]);
        isRelu = activation == ConvolutionActivation.Relu;
        Tensor g = tensor(new double[]
        {
            1 / 4d, 0, 0,  -1 / 6d, -1 / 6d, -1 / 6d,  -1 / 6d, 1 / 6d, -1 / 6d,  1 / 24d, 1 / 12d, 1 / 6d,  1 / 24d, -1 / 12d, 1 / 6d,
            0, 0, 1,
        }).view(Patch, 3);
        this.weight = einsum("ia,kcab,jb->ijck", g, weight.to(ScalarType.Float64), g).to(ScalarType.Float32)
            .reshape(Products, channels, filters).contiguous().DetachFromDisposeScope();
        this.bias = (bias?.contiguous() ?? TorchSharp.torch.zeros(filters)).DetachFromDisposeScope();
        zeros = TorchSharp.torch.zeros(channels).DetachFromDisposeScope();
    }

    /// <summary>Whether it is faster than oneDNN's convolution, as measured.</summary>
    /// <param name="weight">The weights' shape, [K, C, kh, kw].</param>
    /// <param name="geometry">How the kernel moves.</param>
    /// <param name="activation">What is applied to the result.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    public static bool Pays(long[] weight, ConvolutionGeometry geometry, ConvolutionActivation activation, long height, long width) =>
        weight is [var k, var c, 3, 3] && Math.Min(c, k) >= LeastChannels && c % Lanes == 0 && k % Lanes == 0
        && geometry is { Groups: 1, Stride: [1, 1], Padding: [1, 1], Dilation: [1, 1] }
        && activation is ConvolutionActivation.None or ConvolutionActivation.Relu
        && (height + Tile - 1) / Tile * ((width + Tile - 1) / Tile) * ChannelsPerTile >= Math.Max(c, k)
        && Vector256.IsHardwareAccelerated;

    /// <summary>Convolves.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last.</param>
    /// <param name="residual">Added before the activation; [N, K, H, W], channels-last; may be null.</param>
    /// <returns>[N, K, H, W], channels-last.</returns>
    public Tensor Call(Tensor x, Tensor? residual = null)
    {
        (long images, int height, int width) = (x.shape[0], (int)x.shape[2], (int)x.shape[3]);
        Tensor y = empty(images, height, width, filters);
        float* from = x.Pointer<float>(), to = y.Pointer<float>(), added = residual is null ? null : residual.Pointer<float>();
        for (long image = 0; image < images; image++)
        {
            long pixels = image * height * width;
            Image(from + pixels * channels, to + pixels * filters, added is null ? null : added + pixels * filters, height, width);
        }
        using (y) return y.permute(0, 3, 1, 2);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
        zeros.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Image(float* x, float* y, float* residual, int height, int width)
    {
        int rows = (height + Tile - 1) / Tile, columns = (width + Tile - 1) / Tile;
        int block = Math.Clamp(TilesAtOnce / columns, 1, rows), tiles = block * columns;
        long read = (long)Products * tiles * channels, made = (long)Products * tiles * filters;
        using var scope = NewDisposeScope();
        Tensor v = memory.Patches(read).narrow(0, 0, read).view(Products, tiles, channels);
        Tensor m = memory.Products(made).narrow(0, 0, made).view(Products, tiles, filters);
        nint pv = (nint)v.Pointer<float>(), pm = (nint)m.Pointer<float>(), pz = (nint)zeros.Pointer<float>(),
            pb = (nint)bias.Pointer<float>(), px = (nint)x, py = (nint)y, pr = (nint)residual;
        int c = channels, k = filters;
        bool relu = isRelu;
        for (int top = 0; top < rows; top += block)
        {
            int first = top * columns, count = Math.Min(block, rows - top) * columns;
            ParallelLoop.For(count, 16, (begin, end) =>
            {
                for (long t = begin; t < end; t++)
                    Split((float*)px, (float*)pz, (float*)pv + t * c, (long)tiles * c, (int)((first + t) / columns) * Tile - 1,
                        (int)((first + t) % columns) * Tile - 1, height, width, c);
            });
            multiply.Call(v, weight, m);
            ParallelLoop.For(count, 16, (begin, end) =>
            {
                for (long t = begin; t < end; t++)
                    Join((float*)pm + t * k, (long)tiles * k, (float*)pb, (float*)pr, (float*)py, (int)((first + t) / columns) * Tile,
                        (int)((first + t) % columns) * Tile, height, width, k, relu);
            });
        }
    }

    /// <summary>BᵀdB of the 6×6 pixels from (y0, x0), zero outside the image, as 36 rows of C, <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Split(float* x, float* zeros, float* v, long stride, int y0, int x0, int height, int width, int channels)
    {
        float** pixels = stackalloc float*[Products];
        for (int i = 0; i < Products; i++)
        {
            int row = y0 + i / Patch, column = x0 + i % Patch;
            pixels[i] = (uint)row < (uint)height && (uint)column < (uint)width ? x + ((long)row * width + column) * channels : zeros;
        }
        Vector256<float>* half = stackalloc Vector256<float>[Products];
        for (int c = 0; c < channels; c += Lanes)
        {
            for (int j = 0; j < Patch; j++)
                SplitLine(Vector256.Load(pixels[j] + c), Vector256.Load(pixels[6 + j] + c), Vector256.Load(pixels[12 + j] + c),
                    Vector256.Load(pixels[18 + j] + c), Vector256.Load(pixels[24 + j] + c), Vector256.Load(pixels[30 + j] + c),
                    (float*)(half + j), Patch * Lanes);
            for (int i = 0; i < Patch; i++)
            {
                Vector256<float>* d = half + i * Patch;
                SplitLine(d[0], d[1], d[2], d[3], d[4], d[5], v + i * Patch * stride + c, stride);
            }
        }
    }

    /// <summary>Bᵀd of one line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitLine(Vector256<float> d0, Vector256<float> d1, Vector256<float> d2, Vector256<float> d3, Vector256<float> d4,
        Vector256<float> d5, float* to, long step)
    {
        Vector256<float> a = d4 - 4 * d2, b = d3 - 4 * d1, e = d4 - d2, f = 2 * (d3 - d1);
        (4 * d0 - 5 * d2 + d4).Store(to);
        (a + b).Store(to + step);
        (a - b).Store(to + 2 * step);
        (e + f).Store(to + 3 * step);
        (e - f).Store(to + 4 * step);
        (4 * d1 - 5 * d3 + d5).Store(to + 5 * step);
    }

    /// <summary>AᵀmA plus bias and residual, and ReLU, for the 4×4 results at (y0, x0) that lie inside the image.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Join(float* m, long stride, float* bias, float* residual, float* y, int y0, int x0, int height, int width,
        int filters, bool relu)
    {
        Vector256<float>* half = stackalloc Vector256<float>[Tile * Patch];
        Vector256<float>* line = stackalloc Vector256<float>[Tile];
        int bottom = Math.Min(Tile, height - y0), right = Math.Min(Tile, width - x0);
        for (int k = 0; k < filters; k += Lanes)
        {
            for (int j = 0; j < Patch; j++)
            {
                float* from = m + j * stride + k;
                JoinLine(Vector256.Load(from), Vector256.Load(from + 6 * stride), Vector256.Load(from + 12 * stride),
                    Vector256.Load(from + 18 * stride), Vector256.Load(from + 24 * stride), Vector256.Load(from + 30 * stride),
                    half + j, Patch);
            }
            Vector256<float> shift = Vector256.Load(bias + k);
            for (int i = 0; i < bottom; i++)
            {
                Vector256<float>* d = half + i * Patch;
                JoinLine(d[0], d[1], d[2], d[3], d[4], d[5], line, 1);
                long at = ((long)(y0 + i) * width + x0) * filters + k;
                for (int j = 0; j < right; j++, at += filters)
                {
                    Vector256<float> value = line[j] + shift;
                    if (residual is not null) value += Vector256.Load(residual + at);
                    (relu ? Vector256.Max(value, default) : value).Store(y + at);
                }
            }
        }
    }

    /// <summary>Aᵀm of one line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void JoinLine(Vector256<float> m0, Vector256<float> m1, Vector256<float> m2, Vector256<float> m3, Vector256<float> m4,
        Vector256<float> m5, Vector256<float>* to, int step)
    {
        Vector256<float> a = m1 + m2, b = m1 - m2, e = m3 + m4, f = m3 - m4;
        to[0] = m0 + a + e;
        to[step] = b + 2 * f;
        to[2 * step] = a + 4 * e;
        to[3 * step] = b + 8 * f + m5;
    }
}
