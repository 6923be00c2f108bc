using System.Text;

namespace Vision.Ops.Cuda;

/// <summary>
/// A GPU as libtorch uses it, in the driver's primary context, and the kernels that it holds for the rest of the process.
/// </summary>
internal sealed unsafe class CudaDevice
{
    private readonly CudaDriver driver;
    private readonly nint context;
    private readonly Dictionary<KernelSource, nint> modules = [];
    private readonly Dictionary<(KernelSource, string), nint> functions = [];

    /// <param name="driver">The driver.</param>
    /// <param name="index">Of the GPU, as libtorch counts them.</param>
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

    /// <summary>Makes this GPU current on this thread; whichever was before is so again when the scope ends.</summary>
    public Scope Enter()
    {
        driver.Check(driver.CtxPushCurrent(context), "making the GPU current");
        return new(driver);
    }

    /// <summary>A kernel. To be called where the GPU is current.</summary>
    /// <param name="source">Where it is written.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="compile">Gives the source's machine code; called when it is first asked for.</param>
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

    /// <summary>While a GPU is current.</summary>
    public readonly ref struct Scope(CudaDriver driver)
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            nint popped;
            driver.Check(driver.CtxPopCurrent(&popped), "making the former GPU current");
        }
    }
}
