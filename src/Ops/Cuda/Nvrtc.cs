using System.Runtime.InteropServices;
using System.Text;

namespace Vision.Ops.Cuda;

/// <summary>NVRTC, NVIDIA's runtime compiler for CUDA C++, with the function names of <c>nvrtc.h</c>.</summary>
internal sealed unsafe class Nvrtc
{
    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> createProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> compileProgram;
    private readonly delegate* unmanaged<nint*, int> destroyProgram;
    private readonly delegate* unmanaged<int, byte*> getErrorString;
    private readonly Func<string, nint> export;
    private readonly int[] architectures;

    /// <param name="export">Returns the address of a function of NVRTC's library.</param>
    /// <exception cref="InvalidOperationException">NVRTC does not work, for example because a part of it is missing.</exception>
    public Nvrtc(Func<string, nint> export)
    {
        this.export = export;
        createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)export("nvrtcCreateProgram");
        compileProgram = (delegate* unmanaged<nint, int, byte**, int>)export("nvrtcCompileProgram");
        destroyProgram = (delegate* unmanaged<nint*, int>)export("nvrtcDestroyProgram");
        getErrorString = (delegate* unmanaged<int, byte*>)export("nvrtcGetErrorString");

        int major, minor, count;
        Check(((delegate* unmanaged<int*, int*, int>)export("nvrtcVersion"))(&major, &minor), "its version");
        Version = $"{major}.{minor}";
        Check(((delegate* unmanaged<int*, int>)export("nvrtcGetNumSupportedArchs"))(&count), "its architectures");
        architectures = new int[count];
        fixed (int* known = architectures)
            Check(((delegate* unmanaged<int*, int>)export("nvrtcGetSupportedArchs"))(known), "its architectures");
        Compile("works.cu", "__global__ void works() {}", [], [], architectures.Max());
    }

    /// <summary>The CUDA version, such as 12.8.</summary>
    public string Version { get; }

    /// <summary>
    /// Compiles for one GPU: to its machine code, or to PTX, which the driver translates, if this NVRTC is older than the GPU.
    /// </summary>
    /// <param name="name">The name of the source, for messages.</param>
    /// <param name="text">The source.</param>
    /// <param name="headers">Names and texts of its include files.</param>
    /// <param name="options">Options as for NVCC.</param>
    /// <param name="architecture">As <see cref="CudaDevice.Architecture"/>.</param>
    /// <exception cref="InvalidOperationException">The source does not compile; the message contains the compiler's log.</exception>
    public byte[] Compile(string name, string text, (string Name, string Text)[] headers, IReadOnlyList<string> options, int architecture)
    {
        int target = architectures.Where(known => known <= architecture).DefaultIfEmpty(0).Max();
        if (target == 0)
        {
            throw new InvalidOperationException(
                $"NVRTC {Version} no longer compiles for compute capability {architecture / 10}.{architecture % 10}.");
        }
        bool exact = target == architecture;

        using Strings source = new([text]), label = new([name]);
        using Strings headerTexts = new(headers.Select(header => header.Text)), headerNames = new(headers.Select(header => header.Name));
        using Strings all = new([$"--gpu-architecture={(exact ? "sm" : "compute")}_{target}", .. options]);
        nint program;
        Check(
            createProgram(&program, *source.Pointer, *label.Pointer, headers.Length, headerTexts.Pointer, headerNames.Pointer), name);
        try
        {
            int result = compileProgram(program, options.Count + 1, all.Pointer);
            if (result != 0) throw new InvalidOperationException($"NVRTC {Version}: {name}: {Message(result)}\n{Log(program)}");
            return exact ? Output(program, "CUBIN", name) : Output(program, "PTX", name);
        }
        finally
        {
            destroyProgram(&program);
        }
    }

    private string Log(nint program) => Encoding.UTF8.GetString(Output(program, "ProgramLog", "its log")).TrimEnd('\0', '\n');

    private byte[] Output(nint program, string kind, string what)
    {
        nuint size;
        Check(((delegate* unmanaged<nint, nuint*, int>)export($"nvrtcGet{kind}Size"))(program, &size), what);
        byte[] output = new byte[size];
        fixed (byte* start = output) Check(((delegate* unmanaged<nint, byte*, int>)export($"nvrtcGet{kind}"))(program, start), what);
        return output;
    }

    private void Check(int result, string what)
    {
        if (result != 0) throw new InvalidOperationException($"NVRTC: {what}: {Message(result)}");
    }

    private string? Message(int result) => Marshal.PtrToStringUTF8((nint)getErrorString(result));

    // C strings.
    private sealed class Strings : IDisposable
    {
        private readonly nint[] texts;
        private GCHandle pin;

        public Strings(IEnumerable<string> values)
        {
            texts = [.. values.Select(Marshal.StringToCoTaskMemUTF8)];
            pin = GCHandle.Alloc(texts, GCHandleType.Pinned);
        }

        public byte** Pointer => (byte**)pin.AddrOfPinnedObject();

        public void Dispose()
        {
            pin.Free();
            foreach (nint text in texts) Marshal.FreeCoTaskMem(text);
        }
    }
}
