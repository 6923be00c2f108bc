using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.Convolution;

/// <summary>The transforms of Winograd's F(4×4, 3×3) (Lavin and Gray 2015, arXiv:1509.09308), eight channels at a time.</summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Channels are transformed so many at a time.</summary>
    public const int Lanes = 8;

    /// <summary>Side of a tile of results.</summary>
    public const int Tile = 4;

    /// <summary>Side of the patch of pixels that a tile depends on.</summary>
    public const int Patch = 6;

    /// <summary>Numbers of a transformed patch, each multiplied by itself.</summary>
    public const int Products = Patch * Patch;

    /// <summary>A number of channels rounded up to a multiple of <see cref="Lanes"/>.</summary>
    public static int RoundedUp(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>BᵀdB of 6×6 pixels.</summary>
    /// <param name="x">An image, [height, width, channels].</param>
    /// <param name="zeros">[channels]: what lies outside of the image.</param>
    /// <param name="v">The result, [36, channels].</param>
    /// <param name="y0">Row of the first pixel; it may lie outside.</param>
    /// <param name="x0">Column of the first pixel.</param>
    /// <param name="step">Distance between the pixels: the dilation.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="channels">Channels of the image, a multiple of <see cref="Lanes"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Split(float* x, float* zeros, float* v, int y0, int x0, int step, int height, int width, int channels)
    {
        float** pixels = stackalloc float*[Products];
        for (int i = 0; i < Products; i++)
        {
            int row = y0 + i / Patch * step, column = x0 + i % Patch * step;
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
                SplitLine(d[0], d[1], d[2], d[3], d[4], d[5], v + i * Patch * channels + c, channels);
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

    /// <summary>AdAᵀ of 4×4 gradients of results: the gradients of their 36 products.</summary>
    /// <param name="d">The gradients of an image, [height, width, channels].</param>
    /// <param name="zeros">[channels]: what lies outside of the image.</param>
    /// <param name="m">The result, [36, channels].</param>
    /// <param name="y0">Row of the first gradient.</param>
    /// <param name="x0">Column of the first gradient.</param>
    /// <param name="step">Distance between the gradients: the dilation.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="channels">Channels of the image, a multiple of <see cref="Lanes"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* d, float* zeros, float* m, int y0, int x0, int step, int height, int width, int channels)
    {
        float** pixels = stackalloc float*[Tile * Tile];
        for (int i = 0; i < Tile * Tile; i++)
        {
            int row = y0 + i / Tile * step, column = x0 + i % Tile * step;
            pixels[i] = row < height && column < width ? d + ((long)row * width + column) * channels : zeros;
        }
        Vector256<float>* half = stackalloc Vector256<float>[Patch * Tile];
        for (int c = 0; c < channels; c += Lanes)
        {
            for (int j = 0; j < Tile; j++)
                SpreadLine(Vector256.Load(pixels[j] + c), Vector256.Load(pixels[4 + j] + c), Vector256.Load(pixels[8 + j] + c),
                    Vector256.Load(pixels[12 + j] + c), (float*)(half + j), Tile * Lanes);
            for (int i = 0; i < Patch; i++)
            {
                Vector256<float>* line = half + i * Tile;
                SpreadLine(line[0], line[1], line[2], line[3], m + i * Patch * channels + c, channels);
            }
        }
    }

    /// <summary>Ad of one line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadLine(Vector256<float> d0, Vector256<float> d1, Vector256<float> d2, Vector256<float> d3, float* to, long step)
    {
        Vector256<float> a = d0 + d2, b = d1 + d3, e = d0 + 4 * d2, f = 2 * d1 + 8 * d3;
        d0.Store(to);
        (a + b).Store(to + step);
        (a - b).Store(to + 2 * step);
        (e + f).Store(to + 3 * step);
        (e - f).Store(to + 4 * step);
        d3.Store(to + 5 * step);
    }

    /// <summary>AᵀmA plus bias and residual, then ReLU: those of 4×4 results that lie inside the image.</summary>
    /// <param name="m">The products: 36 lines of filters, rounded up to a multiple of <see cref="Lanes"/>.</param>
    /// <param name="stride">Distance between the lines.</param>
    /// <param name="bias">[filters rounded up].</param>
    /// <param name="residual">[height, width, filters], or null.</param>
    /// <param name="y">The results, [height, width, filters].</param>
    /// <param name="y0">Row of the first result.</param>
    /// <param name="x0">Column of the first result.</param>
    /// <param name="step">Distance between the results: the dilation.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="filters">Channels of the results.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Join(float* m, long stride, float* bias, float* residual, float* y, int y0, int x0, int step, int height, int width,
        int filters, bool relu)
    {
        Vector256<float>* half = stackalloc Vector256<float>[Tile * Patch];
        Vector256<float>* line = stackalloc Vector256<float>[Tile];
        float* last = stackalloc float[Lanes];
        int bottom = Math.Min(Tile, (height - y0 + step - 1) / step), right = Math.Min(Tile, (width - x0 + step - 1) / step);
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
            int count = Math.Min(Lanes, filters - k);
            for (int i = 0; i < bottom; i++)
            {
                Vector256<float>* d = half + i * Patch;
                JoinLine(d[0], d[1], d[2], d[3], d[4], d[5], line, 1);
                long at = ((long)(y0 + i * step) * width + x0) * filters + k;
                for (int j = 0; j < right; j++, at += (long)step * filters)
                {
                    Vector256<float> value = line[j] + shift;
                    if (count == Lanes)
                    {
                        if (residual is not null) value += Vector256.Load(residual + at);
                        (relu ? Vector256.Max(value, default) : value).Store(y + at);
                    }
                    else
                    {
                        value.Store(last);
                        for (int c = 0; c < count; c++)
                        {
                            float one = last[c] + (residual is null ? 0 : residual[at + c]);
                            y[at + c] = relu ? MathF.Max(one, 0) : one;
                        }
                    }
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
