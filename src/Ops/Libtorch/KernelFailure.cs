using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Vision.Ops.Libtorch;

/// <summary>Carries an exception of a C# kernel past libtorch's frames, which it must not cross,
/// to the call of the operator on the same thread.</summary>
internal static class KernelFailure
{
    [ThreadStatic] private static ExceptionDispatchInfo? failure;

    /// <summary>Keeps the first exception of a call: what fails after it fails because of it.</summary>
    public static void Keep(Exception exception) => failure ??= ExceptionDispatchInfo.Capture(exception);

    /// <summary>Throws what was kept, after the call's result, if there is one, is disposed: it means nothing then.</summary>
    public static void ThrowIfAny(Tensor? result)
    {
        if (failure is not { } kept) return;
        failure = null;
        result?.Dispose();
        kept.Throw();
    }
}
