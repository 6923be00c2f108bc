using System.Runtime.InteropServices;
using Vision.Testing;

namespace Vision.Ops.Tests.Cuda;

/// <summary>
/// Runs kernels on the CPU: a C++ compiler compiles them with a header that explains CUDA's words to it. Shared by the tests of a class.
/// </summary>
public sealed unsafe class KernelEmulator : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<(string, bool, bool), nint> libraries = [];

    /// <summary>Whether there is a compiler for it.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Tool.Path("g++") is not null;

    public void Run(string source, bool isDouble, bool isWide, string kernel, uint columns, uint rows, uint threads, void** parameters)
    {
        if (!libraries.TryGetValue((source, isDouble, isWide), out nint library))
            libraries.Add((source, isDouble, isWide), library = NativeLibrary.Load(Compile(source, isDouble, isWide)));
        var launch = (delegate* unmanaged<uint, uint, uint, void**, void>)NativeLibrary.GetExport(library, $"launch_{kernel}");
        launch(columns, rows, threads, parameters);
    }

    public void Dispose()
    {
        foreach (nint library in libraries.Values) NativeLibrary.Free(library);
        folder.Dispose();
    }

    private string Compile(string source, bool isDouble, bool isWide)
    {
        string name = $"kernels{libraries.Count}";
        string launches = string.Concat(KernelSignature.Kernels(source).Select(kernel => $"EMULATE({kernel})\n"));
        string file = folder.Write($"{name}.cpp", source + launches);
        string header = Path.Combine(Repository.Root, "tests", "Ops", "Cuda", "Emulation", "CudaEmulation.h");
        Tool.Run(
            "g++", "-std=c++17", "-O1", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
            $"-DVISION_REAL={(isDouble ? "double" : "float")}", $"-DVISION_INDEX={(isWide ? "long long" : "int")}",
            "-include", header, file, "-o", folder[$"{name}.so"]);
        return folder[$"{name}.so"];
    }
}
