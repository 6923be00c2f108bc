using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Convolution;

/// <summary>Activations in place.</summary>
internal static unsafe class ActivationPass
{
    private const long Grain = 16 * 1024;

    /// <summary>Applies an activation to a tensor.</summary>
    /// <param name="y">float32, in any dense memory format.</param>
    /// <param name="activation">The activation.</param>
    public static void Apply(Tensor y, ConvolutionActivation activation)
    {
        if (activation == ConvolutionActivation.None) return;
        nint to = (nint)y.Pointer<float>();
        ParallelLoop.For(y.numel(), Grain, (begin, end) => Apply((float*)to + begin, end - begin, activation));
    }

    /// <summary>Applies an activation on the calling thread.</summary>
    /// <param name="y">The values.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="activation">The activation.</param>
    public static void Apply(float* y, long count, ConvolutionActivation activation)
    {
        switch (activation)
        {
            case ConvolutionActivation.None: break;
            case ConvolutionActivation.Relu: Apply<Relu>(y, count); break;
            case ConvolutionActivation.Relu6: Apply<Relu6>(y, count); break;
            case ConvolutionActivation.HardSwish: Apply<HardSwish>(y, count); break;
            case ConvolutionActivation.HardSigmoid: Apply<HardSigmoid>(y, count); break;
            case ConvolutionActivation.Silu: Apply<Silu>(y, count); break;
            case ConvolutionActivation.Sigmoid: Apply<Sigmoid>(y, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(float* y, long count) where T : struct, IFunction
    {
        long i = 0;
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count) T.Of(Vector256.Load(y + i)).Store(y + i);
        for (; i < count; i++) y[i] = T.Of(Vector256.Create(y[i])).ToScalar();
    }

    private interface IFunction
    {
        static abstract Vector256<float> Of(Vector256<float> x);
    }

    private readonly struct Relu : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => Vector256.Max(x, Vector256<float>.Zero);
    }

    private readonly struct Relu6 : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => Vector256.Min(Relu.Of(x), Vector256.Create(6f));
    }

    private readonly struct HardSigmoid : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => Relu6.Of(x + Vector256.Create(3f)) * Vector256.Create(1 / 6f);
    }

    private readonly struct HardSwish : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => x * HardSigmoid.Of(x);
    }

    private readonly struct Sigmoid : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-x));
    }

    private readonly struct Silu : IFunction
    {
        public static Vector256<float> Of(Vector256<float> x) => x / (Vector256<float>.One + Vector256.Exp(-x));
    }
}
