using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>A file of CUDA C++ in <c>Cuda/Kernels</c>, for one type of elements and one width of counts and places.</summary>
/// <param name="File">Its name.</param>
/// <param name="IsDouble">Whether it computes in double instead of float.</param>
/// <param name="IsWide">Whether counts and places have 64 bits instead of 32.</param>
internal readonly record struct KernelSource(string File, bool IsDouble, bool IsWide)
{
    // A loop's last step may go this far beyond a count.
    private const long LargestStride = (long)Grid.MostBlocks * Grid.Threads;

    /// <summary>The one for tensors.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="real">float32 or float64.</param>
    /// <param name="largest">The most elements that a tensor has or a loop goes through.</param>
    public static KernelSource For(string file, ScalarType real, long largest) =>
        new(file, real == float64, largest > int.MaxValue - LargestStride);

    /// <summary>Elements are in float at least: halves have too few digits for coordinates and areas.</summary>
    public static ScalarType RealOf(Tensor tensor) => tensor.dtype == float64 ? float64 : float32;

    /// <summary>The headers that a file may include.</summary>
    public static (string Name, string Text)[] Headers { get; } =
        [.. ((string[])["Elements.cuh", "RoiSampling.cuh"]).Select(name => (name, Read(name)))];

    /// <summary>For the compiler.</summary>
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
