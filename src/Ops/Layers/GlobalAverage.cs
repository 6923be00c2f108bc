using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Layers;

/// <summary>The mean of each channel of channels-last maps on the CPU, as squeeze-and-excitation and classifiers use it.</summary>
internal static unsafe class GlobalAverage
{
    private const int Lanes = 8, AtOnce = 8 * Lanes;

    // Values for which one thread suffices.
    private const long Grain = 32 * 1024;

    /// <summary>Whether it computes the pooling of a map to a size.</summary>
    /// <param name="x">The map.</param>
    /// <param name="size">The size of the result.</param>
    public static bool Pays(Tensor x, long[] size) => size is [1, 1] && x.dtype == ScalarType.Float32 && x.dim() == 4
        && x.shape[1] % Lanes == 0 && Vector256.IsHardwareAccelerated && FeatureMap.IsChannelsLast(x);

    /// <summary>Averages.</summary>
    /// <param name="x">float32 [N, C, H, W], channels-last, C a multiple of 8.</param>
    /// <returns>[N, C, 1, 1].</returns>
    public static Tensor Call(Tensor x)
    {
        long[] shape = x.shape;
        (long images, long channels, long pixels) = (shape[0], shape[1], shape[2] * shape[3]);
        long blocks = (channels + AtOnce - 1) / AtOnce;
        Tensor y = FeatureMap.New(images, channels, 1, 1);
        nint px = (nint)x.Pointer<float>(), py = (nint)y.Pointer<float>();
        ParallelLoop.For(images * blocks, Math.Max(1, Grain / (AtOnce * pixels)), (begin, end) =>
        {
            for (long i = begin; i < end; i++)
            {
                (long image, long block) = Math.DivRem(i, blocks);
                Average((float*)px + image * pixels * channels, (float*)py + image * channels, channels, pixels, block * AtOnce);
            }
        });
        GC.KeepAlive(x);
        return y;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Average(float* x, float* y, long channels, long pixels, long first)
    {
        // The last channels may come several times.
        long most = channels - Lanes;
        float* x0 = x + Math.Min(first, most), x1 = x + Math.Min(first + Lanes, most), x2 = x + Math.Min(first + 2 * Lanes, most),
            x3 = x + Math.Min(first + 3 * Lanes, most), x4 = x + Math.Min(first + 4 * Lanes, most),
            x5 = x + Math.Min(first + 5 * Lanes, most), x6 = x + Math.Min(first + 6 * Lanes, most),
            x7 = x + Math.Min(first + 7 * Lanes, most);
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (long at = 0; at < pixels * channels; at += channels)
        {
            a += Vector256.Load(x0 + at);
            b += Vector256.Load(x1 + at);
            c += Vector256.Load(x2 + at);
            d += Vector256.Load(x3 + at);
            e += Vector256.Load(x4 + at);
            f += Vector256.Load(x5 + at);
            g += Vector256.Load(x6 + at);
            h += Vector256.Load(x7 + at);
        }
        (a / pixels).Store(y + (x0 - x));
        (b / pixels).Store(y + (x1 - x));
        (c / pixels).Store(y + (x2 - x));
        (d / pixels).Store(y + (x3 - x));
        (e / pixels).Store(y + (x4 - x));
        (f / pixels).Store(y + (x5 - x));
        (g / pixels).Store(y + (x6 - x));
        (h / pixels).Store(y + (x7 - x));
    }
}
