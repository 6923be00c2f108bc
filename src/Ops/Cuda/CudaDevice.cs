using System.Text;

namespace Vision.Ops.Cuda;

/// <summary>
/// A GPU as libtorch uses it, in the driver's primary context, with the kernels that stay loaded for the rest of the process.
/// </summary>
internal sealed unsafe class CudaDevice
{
    private readonly CudaDriver driver;
    private readonly nint context;
    private readonly Dictionary<KernelSource, nint> modules = [];
    private readonly Dictionary<(KernelSource, string), nint> functions = [];

    /// <param name="driver">The driver.</param>
    /// <param name="index">Libtorch's index of the GPU.</param>
    /// <exception cref="InvalidOperationException">There is no such GPU.</exception>
    public CudaDevice(CudaDriver driver, int index)
    {
        this.driver = driver;
        int device, major, minor;
        nint primary;
        driver.Check(driver.DeviceGet(&device, index), $"GPU {index}");
        driver.Check(driver.DeviceGetAttribute(&major, CudaDriver.ComputeCapabilityMajor, device), "the compute capability");
        driver.Check(driver.DeviceGetAttribute(&minor, CudaDriver.ComputeCapabilityMinor, device), "the compute capability");
        driver.Check(driver.DevicePrimaryCtxRetain(&primary, device), "the primary context");
        context = primary;
        Architecture = major * 10 + minor;
    }

    /// <summary>The compute capability times ten: 90 for an H100.</summary>
    public int Architecture { get; }

    /// <summary>Makes this GPU current on this thread, until the scope ends and restores the previous one.</summary>
    public Scope Enter()
    {
        driver.Check(driver.CtxPushCurrent(context), "making the GPU current");
        return new(driver);
    }

    /// <summary>Returns a kernel. The GPU must be current.</summary>
    /// <param name="source">The kernel's source.</param>
    /// <param name="name">Its name in the source.</param>
    /// <param name="compile">Compiles the source to machine code; called on first use.</param>
    public nint Function(KernelSource source, string name, Func<byte[]> compile)
    {
        if (functions.TryGetValue((source, name), out nint function)) return function;
        if (!modules.TryGetValue(source, out nint module))
        {
            fixed (byte* code = compile()) driver.Check(driver.ModuleLoadData(&module, code), $"loading {source}");
            modules.Add(source, module);
        }
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            driver.Check(driver.ModuleGetFunction(&function, module, text), $"{name} in {source}");
        functions.Add((source, name), function);
        return function;
    }

    /// <summary>The scope in which a GPU is current.</summary>
    public readonly ref struct Scope(CudaDriver driver)
    {
        /// <summary>Restores the previous GPU.</summary>
        public void Dispose()
        {
            nint popped;
            driver.Check(driver.CtxPopCurrent(&popped), "making the former GPU current");
        }
    }
}
