using System.Runtime.InteropServices;

namespace Vision.Ops.Cuda;

/// <summary>The functions of NVIDIA's driver that run kernels, by their names in <c>cuda.h</c>. Each returns 0 on success.</summary>
internal sealed unsafe class CudaDriver
{
    /// <summary>Attributes of a device, for <see cref="DeviceGetAttribute"/>: its compute capability.</summary>
    public const int ComputeCapabilityMajor = 75, ComputeCapabilityMinor = 76;

    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<nint, int> CtxPushCurrent;
    public readonly delegate* unmanaged<nint*, int> CtxPopCurrent;
    public readonly delegate* unmanaged<nint*, void*, int> ModuleLoadData;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;

    private readonly delegate* unmanaged<int, byte**, int> getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> getErrorString;

    /// <param name="export">Returns the address of a function of the driver's library.</param>
    /// <exception cref="InvalidOperationException">The driver finds no GPU, or does not start.</exception>
    public CudaDriver(Func<string, nint> export)
    {
        DeviceGet = (delegate* unmanaged<int*, int, int>)export("cuDeviceGet");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)export("cuDeviceGetAttribute");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)export("cuDevicePrimaryCtxRetain");
        CtxPushCurrent = (delegate* unmanaged<nint, int>)export("cuCtxPushCurrent_v2");
        CtxPopCurrent = (delegate* unmanaged<nint*, int>)export("cuCtxPopCurrent_v2");
        ModuleLoadData = (delegate* unmanaged<nint*, void*, int>)export("cuModuleLoadData");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)export("cuModuleGetFunction");
        LaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)export("cuLaunchKernel");
        getErrorName = (delegate* unmanaged<int, byte**, int>)export("cuGetErrorName");
        getErrorString = (delegate* unmanaged<int, byte**, int>)export("cuGetErrorString");
        Check(((delegate* unmanaged<uint, int>)export("cuInit"))(0), "cuInit");
    }

    /// <summary>Throws if a function failed.</summary>
    /// <exception cref="InvalidOperationException">The function failed; the message is the driver's.</exception>
    public void Check(int result, string what)
    {
        if (result == 0) return;
        byte* name = null, meaning = null;
        getErrorName(result, &name);
        getErrorString(result, &meaning);
        string code = Marshal.PtrToStringUTF8((nint)name) ?? $"error {result}";
        throw new InvalidOperationException($"CUDA's driver: {what}: {code}, {Marshal.PtrToStringUTF8((nint)meaning)}");
    }
}
