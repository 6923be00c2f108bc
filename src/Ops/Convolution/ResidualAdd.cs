using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>A sum and a ReLU in one pass.</summary>
internal static unsafe class ResidualAdd
{
    private const long Grain = 16 * 1024;

    /// <summary>Adds to a tensor in place, and then applies ReLU if asked to.</summary>
    /// <param name="y">float32, in any dense memory format.</param>
    /// <param name="residual">float32, of the same shape and memory format.</param>
    /// <param name="relu">Whether negative sums become 0.</param>
    public static void Add(Tensor y, Tensor residual, bool relu)
    {
        nint to = (nint)y.Pointer<float>(), from = (nint)residual.Pointer<float>();
        ParallelLoop.For(y.numel(), Grain, (begin, end) => Add((float*)to + begin, (float*)from + begin, end - begin, relu));
        GC.KeepAlive(residual);
    }

    /// <summary>Adds values in place on the calling thread, and then applies ReLU if asked to.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* y, float* residual, long count, bool relu)
    {
        Vector256<float> least = Vector256.Create(relu ? 0 : float.NegativeInfinity);
        long i = 0;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
            Vector256.Max(Vector256.Load(y + i) + Vector256.Load(residual + i), least).Store(y + i);
        for (; i < count; i++) y[i] = MathF.Max(y[i] + residual[i], least.ToScalar());
    }
}
