using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>Transfers an exception of a C# kernel past libtorch's frames, which it must not unwind,
/// to the caller of the operator on the same thread.</summary>
internal static class KernelFailure
{
    [ThreadStatic] private static ExceptionDispatchInfo? failure;

    /// <summary>Keeps the first exception of a call: later ones are consequences of it.</summary>
    public static void Keep(Exception exception) => failure ??= ExceptionDispatchInfo.Capture(exception);

    /// <summary>Throws the kept exception, if any, after disposing the call's meaningless result.</summary>
    public static void ThrowIfAny(Tensor? result)
    {
        if (failure is not { } kept) return;
        failure = null;
        result?.Dispose();
        kept.Throw();
    }
}
