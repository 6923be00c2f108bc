using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Mixed precision for the current thread until it is disposed: matrix products and convolutions compute in a 16-bit type, operators that
/// need range stay in float32, and gradients have the parameters' dtype. Like <c>torch.autocast</c>.
/// </summary>
/// <example><code>using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) logits = network.call(images);</code></example>
public sealed partial class Autocast : IDisposable
{
    private readonly sbyte device;
    private readonly bool wasOn;
    private readonly sbyte formerDtype;

    /// <summary>Enables mixed precision.</summary>
    /// <param name="device">CPU or CUDA, the device whose operators are cast.</param>
    /// <param name="dtype">BFloat16 or Float16.</param>
    /// <exception cref="ArgumentException">The device or the dtype is not supported.</exception>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform is not Linux on x86-64, whose
    /// mangled names of libtorch's C++ functions are used.</exception>
    public Autocast(DeviceType device, ScalarType dtype)
    {
        if (device is not (DeviceType.CPU or DeviceType.CUDA))
            throw new ArgumentException($"The device is {device}; expected CPU or CUDA.", nameof(device));
        if (dtype is not (ScalarType.BFloat16 or ScalarType.Float16))
            throw new ArgumentException($"The dtype is {dtype}; expected BFloat16 or Float16.", nameof(dtype));
        if (!IsSupported) throw new PlatformNotSupportedException("Mixed precision needs Linux on x86-64.");
        Runtime.EnsureLoaded();
        InitializeDeviceType(device);
        this.device = (sbyte)device;
        (wasOn, formerDtype) = (IsEnabled(this.device), GetDtype(this.device));
        if (formerDtype != (sbyte)dtype) ClearCache();         // libtorch would reuse the outer block's casts
        SetDtype(this.device, (sbyte)dtype);
        SetEnabled(this.device, true);
        Nest();
    }

    /// <summary>The 16-bit type that products are computed in on the current thread; null without mixed precision.</summary>
    /// <param name="device">CPU or CUDA.</param>
    public static ScalarType? Current(DeviceType device)
    {
        // Where it cannot be enabled, it is not asked: the names of the functions are those of one platform.
        if (device is not (DeviceType.CPU or DeviceType.CUDA) || !IsSupported) return null;
        Runtime.EnsureLoaded();
        return IsEnabled((sbyte)device) ? (ScalarType)GetDtype((sbyte)device) : null;
    }

    /// <summary>A tensor in float32 if mixed precision computed it in 16 bits, otherwise the tensor itself: for what needs more digits or
    /// range, such as boxes and losses.</summary>
    public static Tensor Widen(Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(float32) : x;

    /// <summary>Disables mixed precision for the current thread until the result is disposed; null if it is not enabled.</summary>
    /// <param name="device">CPU or CUDA.</param>
    public static IDisposable? Suspend(DeviceType device)
    {
        if (Current(device) is null) return null;
        SetEnabled((sbyte)device, false);
        return new Suspended((sbyte)device);
    }

    private sealed class Suspended(sbyte device) : IDisposable
    {
        public void Dispose() => SetEnabled(device, true);
    }

    /// <summary>Restores the previous state.</summary>
    public void Dispose()
    {
        SetEnabled(device, wasOn);
        bool dtypeChanges = GetDtype(device) != formerDtype;
        SetDtype(device, formerDtype);
        if (Unnest() == 0 || dtypeChanges) ClearCache();       // casts of parameters are kept until the outermost block ends
    }

    private static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    // at::autocast, with names mangled by the Itanium C++ ABI; c10::DeviceType and c10::ScalarType are int8_t
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool IsEnabled(sbyte device);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    private static partial void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool on);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE")]
    private static partial sbyte GetDtype(sbyte device);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    private static partial void SetDtype(sbyte device, sbyte dtype);

    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast17increment_nestingEv")] private static partial int Nest();
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast17decrement_nestingEv")] private static partial int Unnest();
    [LibraryImport("torch_cpu", EntryPoint = "_ZN2at8autocast11clear_cacheEv")] private static partial void ClearCache();
}
