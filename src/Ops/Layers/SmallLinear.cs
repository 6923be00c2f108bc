using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Layers;

/// <summary>
/// A linear layer for few rows on the CPU: it takes as long as reading the weights does, which all threads share. MKL's product of a row
/// with a matrix reads them with one.
/// </summary>
internal static unsafe class SmallLinear
{
    // Rows that are computed one by one: with more, a product of matrices reads the weights more seldom.
    private const long MostRows = 2;

    // Multiplications for which one thread suffices.
    private const long Grain = 64 * 1024;

    private const int Lanes = 8;

    /// <summary>Whether it computes a layer, and is faster than MKL's product, as measured.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="weight">[C, K], the transposed weights.</param>
    public static bool Pays(Tensor x, Tensor weight) => Fma.IsSupported && x.dtype == ScalarType.Float32 && x.shape[0] <= MostRows
        && x.is_contiguous() && weight.dtype == ScalarType.Float32 && weight.stride(0) == 1 && weight.stride(1) == weight.shape[0];

    /// <summary>Computes x · weight + bias.</summary>
    /// <param name="x">float32 [N, C], contiguous.</param>
    /// <param name="weight">float32 [C, K], the view of weights [K, C] that are contiguous.</param>
    /// <param name="bias">float32 [K].</param>
    /// <returns>[N, K].</returns>
    public static Tensor Call(Tensor x, Tensor weight, Tensor bias)
    {
        (long rows, long channels, long filters) = (x.shape[0], weight.shape[0], weight.shape[1]);
        Tensor y = bias.expand(rows, filters).clone();
        nint px = (nint)x.Pointer<float>(), pw = (nint)weight.Pointer<float>(), py = (nint)y.Pointer<float>();
        ParallelLoop.For(filters, Math.Max(1, Grain / channels), (begin, end) =>
        {
            for (long row = 0; row < rows; row++)
                for (long filter = begin; filter < end; filter++)
                    ((float*)py)[row * filters + filter] += Dot((float*)px + row * channels, (float*)pw + filter * channels, channels);
        });
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        return y;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* w, long count)
    {
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a;
        long i = 0;
        for (; i + 4 * Lanes <= count; i += 4 * Lanes)
        {
            a = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(w + i), a);
            b = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + Lanes), Vector256.Load(w + i + Lanes), b);
            c = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 2 * Lanes), Vector256.Load(w + i + 2 * Lanes), c);
            d = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 3 * Lanes), Vector256.Load(w + i + 3 * Lanes), d);
        }
        float sum = Vector256.Sum(a + b + (c + d));
        for (; i < count; i++) sum += x[i] * w[i];
        return sum;
    }
}
