using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>A CUDA C++ file in <c>Cuda/Kernels</c>, for one element type and one index width.</summary>
/// <param name="File">The file's name.</param>
/// <param name="IsDouble">Whether it computes in double instead of float.</param>
/// <param name="IsWide">Whether counts and indices have 64 bits instead of 32.</param>
internal readonly record struct KernelSource(string File, bool IsDouble, bool IsWide)
{
    // A loop's last step may exceed the count by this much.
    private const long LargestStride = (long)Grid.MostBlocks * Grid.Threads;

    /// <summary>The source variant for given tensors.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="real">float32 or float64.</param>
    /// <param name="largest">The maximum number of elements of a tensor or a loop.</param>
    public static KernelSource For(string file, ScalarType real, long largest) =>
        new(file, real == float64, largest > int.MaxValue - LargestStride);

    /// <summary>At least float32: half precision has too few digits for coordinates and areas.</summary>
    public static ScalarType RealOf(Tensor tensor) => tensor.dtype == float64 ? float64 : float32;

    /// <summary>The headers that a file may include.</summary>
    public static (string Name, string Text)[] Headers { get; } =
        [.. ((string[])["Elements.cuh", "RoiSampling.cuh"]).Select(name => (name, Read(name)))];

    /// <summary>The compiler options.</summary>
    public string[] Options =>
    [
        "--std=c++17", "--fmad=false",
        $"-DVISION_REAL={(IsDouble ? "double" : "float")}", $"-DVISION_INDEX={(IsWide ? "long long" : "int")}",
    ];

    /// <summary>The source.</summary>
    public string Text => Read(File);

    private static string Read(string name)
    {
        using Stream resource = typeof(KernelSource).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
