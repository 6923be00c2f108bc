using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Vision.Ops.Cuda;
using Vision.Testing;

namespace Vision.Ops.Tests.Cuda;

/// <summary>
/// A driver, an NVRTC and a current stream that remember what they were called with. The machine code that this NVRTC makes is one line of
/// its options, then the source. With an emulator, the kernels also run.
/// </summary>
internal sealed unsafe class FakeCuda : IDisposable
{
    public const nint Stream = 0x5EED;

    private const int Failed = 700;

    private static FakeCuda? current;

    private readonly TempFolder folder = new();
    private readonly KernelEmulator? emulator;
    private readonly Stack<nint> contexts = new();
    private readonly List<(string Source, string[] Options)> programs = [];
    private readonly List<string> modules = [];
    private readonly List<(int Module, string Kernel)> functions = [];

    public FakeCuda(KernelEmulator? emulator = null)
    {
        Assert.Null(current);
        current = this;
        this.emulator = emulator;
        Restart();
    }

    public sealed record Launch(string Kernel, Grid Grid, nint Stream, bool IsDouble, bool IsWide, Dictionary<string, object> Arguments);

    public string CacheFolder => folder.Path;

    public List<string> Compiled { get; } = [];

    public List<string[]> CompiledWith { get; } = [];

    public List<Launch> Launches { get; } = [];

    public HashSet<string> Failing { get; } = [];

    public int[] Architectures { get; set; } = [70, 80, 90];

    public int ComputeCapability { get; set; } = 90;

    public int Contexts => contexts.Count;

    public int Programs => programs.Count(program => program.Source.Length > 0);

    /// <summary>As after a new start of the process.</summary>
    public void Restart() => CudaKernels.Substitute = new(new(Export), new(Export), new(Export), new(CacheFolder));

    public void Dispose()
    {
        CudaKernels.Substitute = null;
        current = null;
        folder.Dispose();
    }

    public static nint Export(string name) => name switch
    {
        "cuInit" => (nint)(delegate* unmanaged<uint, int>)&Init,
        "cuDeviceGet" => (nint)(delegate* unmanaged<int*, int, int>)&DeviceGet,
        "cuDeviceGetAttribute" => (nint)(delegate* unmanaged<int*, int, int, int>)&DeviceGetAttribute,
        "cuDevicePrimaryCtxRetain" => (nint)(delegate* unmanaged<nint*, int, int>)&DevicePrimaryCtxRetain,
        "cuCtxPushCurrent_v2" => (nint)(delegate* unmanaged<nint, int>)&CtxPushCurrent,
        "cuCtxPopCurrent_v2" => (nint)(delegate* unmanaged<nint*, int>)&CtxPopCurrent,
        "cuModuleLoadData" => (nint)(delegate* unmanaged<nint*, void*, int>)&ModuleLoadData,
        "cuModuleGetFunction" => (nint)(delegate* unmanaged<nint*, nint, byte*, int>)&ModuleGetFunction,
        "cuLaunchKernel" =>
            (nint)(delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)&LaunchKernel,
        "cuGetErrorName" => (nint)(delegate* unmanaged<int, byte**, int>)&GetErrorName,
        "cuGetErrorString" => (nint)(delegate* unmanaged<int, byte**, int>)&GetErrorString,
        "nvrtcVersion" => (nint)(delegate* unmanaged<int*, int*, int>)&Version,
        "nvrtcGetNumSupportedArchs" => (nint)(delegate* unmanaged<int*, int>)&GetNumSupportedArchs,
        "nvrtcGetSupportedArchs" => (nint)(delegate* unmanaged<int*, int>)&GetSupportedArchs,
        "nvrtcCreateProgram" => (nint)(delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)&CreateProgram,
        "nvrtcCompileProgram" => (nint)(delegate* unmanaged<nint, int, byte**, int>)&CompileProgram,
        "nvrtcDestroyProgram" => (nint)(delegate* unmanaged<nint*, int>)&DestroyProgram,
        "nvrtcGetErrorString" => (nint)(delegate* unmanaged<int, byte*>)&NvrtcErrorString,
        "nvrtcGetProgramLogSize" => (nint)(delegate* unmanaged<nint, nuint*, int>)&GetLogSize,
        "nvrtcGetProgramLog" => (nint)(delegate* unmanaged<nint, byte*, int>)&GetLog,
        "nvrtcGetCUBINSize" or "nvrtcGetPTXSize" => (nint)(delegate* unmanaged<nint, nuint*, int>)&GetCodeSize,
        "nvrtcGetCUBIN" or "nvrtcGetPTX" => (nint)(delegate* unmanaged<nint, byte*, int>)&GetCode,
        "aoti_torch_get_current_cuda_stream" => (nint)(delegate* unmanaged<int, nint*, int>)&GetCurrentStream,
        _ => throw new EntryPointNotFoundException(name),
    };

    private static int Result(string function) => current!.Failing.Contains(function) ? Failed : 0;

    [UnmanagedCallersOnly] private static int Init(uint flags) => flags == 0 ? Result("cuInit") : Failed;

    [UnmanagedCallersOnly]
    private static int DeviceGet(int* device, int ordinal)
    {
        *device = ordinal + 40;
        return Result("cuDeviceGet");
    }

    [UnmanagedCallersOnly]
    private static int DeviceGetAttribute(int* value, int attribute, int device)
    {
        var (major, minor) = Math.DivRem(current!.ComputeCapability, 10);
        *value = attribute == CudaDriver.ComputeCapabilityMajor ? major : minor;
        return Result("cuDeviceGetAttribute");
    }

    [UnmanagedCallersOnly]
    private static int DevicePrimaryCtxRetain(nint* context, int device)
    {
        *context = device + 400;
        return Result("cuDevicePrimaryCtxRetain");
    }

    [UnmanagedCallersOnly]
    private static int CtxPushCurrent(nint context)
    {
        if (Result("cuCtxPushCurrent") == 0) current!.contexts.Push(context);
        return Result("cuCtxPushCurrent");
    }

    [UnmanagedCallersOnly]
    private static int CtxPopCurrent(nint* context)
    {
        *context = current!.contexts.Pop();
        return Result("cuCtxPopCurrent");
    }

    [UnmanagedCallersOnly]
    private static int ModuleLoadData(nint* module, void* code)
    {
        current!.modules.Add(Text((byte*)code));
        *module = current.modules.Count;
        return Result("cuModuleLoadData");
    }

    [UnmanagedCallersOnly]
    private static int ModuleGetFunction(nint* function, nint module, byte* name)
    {
        current!.functions.Add(((int)module - 1, Text(name)));
        *function = current.functions.Count;
        return Result("cuModuleGetFunction");
    }

    [UnmanagedCallersOnly]
    private static int LaunchKernel(
        nint function, uint x, uint y, uint z, uint threads, uint threadsY, uint threadsZ, uint shared, nint stream, void** parameters,
        void** extra)
    {
        FakeCuda fake = current!;
        if (fake.contexts.Count != 1 || z != 1 || threadsY != 1 || threadsZ != 1 || shared != 0 || extra != null) return Failed;
        if (x == 0 || y == 0 || threads == 0) return Failed;
        var (module, kernel) = fake.functions[(int)function - 1];
        string[] parts = fake.modules[module].Split('\n', 2);
        bool isDouble = parts[0].Contains("-DVISION_REAL=double"), isWide = parts[0].Contains("-DVISION_INDEX=long long");
        Dictionary<string, object> arguments = new KernelSignature(parts[1], kernel).Read((nint)parameters, isDouble, isWide);
        fake.Launches.Add(new(kernel, new(x, y, threads), stream, isDouble, isWide, arguments));
        fake.emulator?.Run(parts[1], isDouble, isWide, kernel, x, y, threads, parameters);
        return Result("cuLaunchKernel");
    }

    [UnmanagedCallersOnly]
    private static int GetErrorName(int error, byte** name)
    {
        *name = Constant("CUDA_ERROR_ILLEGAL_ADDRESS\0"u8);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetErrorString(int error, byte** meaning)
    {
        *meaning = Constant("an illegal memory access was encountered\0"u8);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Version(int* major, int* minor)
    {
        (*major, *minor) = (12, 8);
        return Result("nvrtcVersion");
    }

    [UnmanagedCallersOnly]
    private static int GetNumSupportedArchs(int* count)
    {
        *count = current!.Architectures.Length;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetSupportedArchs(int* architectures)
    {
        current!.Architectures.CopyTo(new Span<int>(architectures, current.Architectures.Length));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int CreateProgram(nint* program, byte* source, byte* name, int headerCount, byte** headers, byte** includeNames)
    {
        string text = Text(source);
        for (int i = headerCount - 1; i >= 0; i--) text = text.Replace($"#include \"{Text(includeNames[i])}\"", Text(headers[i]));
        current!.programs.Add((text, [Text(name)]));
        *program = current.programs.Count;
        return Result("nvrtcCreateProgram");
    }

    [UnmanagedCallersOnly]
    private static int CompileProgram(nint program, int count, byte** options)
    {
        var (source, names) = current!.programs[(int)program - 1];
        string[] all = [.. Enumerable.Range(0, count).Select(i => Text(options[i]))];
        current.programs[(int)program - 1] = (source, all);
        current.Compiled.Add(names[0]);
        current.CompiledWith.Add(all);
        return Result("nvrtcCompileProgram");
    }

    [UnmanagedCallersOnly]
    private static int DestroyProgram(nint* program)
    {
        current!.programs[(int)*program - 1] = ("", []);
        return 0;
    }

    [UnmanagedCallersOnly] private static byte* NvrtcErrorString(int result) => Constant("NVRTC_ERROR_COMPILATION\0"u8);

    [UnmanagedCallersOnly]
    private static int GetLogSize(nint program, nuint* size)
    {
        *size = (nuint)Log.Length;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetLog(nint program, byte* log)
    {
        Log.CopyTo(new Span<byte>(log, Log.Length));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetCodeSize(nint program, nuint* size)
    {
        *size = (nuint)current!.Code(program).Length;
        return Result("nvrtcGetCUBINSize");
    }

    [UnmanagedCallersOnly]
    private static int GetCode(nint program, byte* code)
    {
        byte[] all = current!.Code(program);
        all.CopyTo(new Span<byte>(code, all.Length));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetCurrentStream(int device, nint* stream)
    {
        *stream = Stream;
        return Result("aoti_torch_get_current_cuda_stream");
    }

    private static ReadOnlySpan<byte> Log => "RoiAlign.cu(3): error: expected a declaration\n\0"u8;

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)!;

    // Constants lie in the assembly's own memory, which does not move.
    private static byte* Constant(ReadOnlySpan<byte> text) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));

    private byte[] Code(nint program)
    {
        var (source, options) = programs[(int)program - 1];
        return Encoding.UTF8.GetBytes($"{string.Join(' ', options)}\n{source}\0");
    }
}
