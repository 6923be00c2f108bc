using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>The libtorch runtime.</summary>
public static class Runtime
{
    /// <summary>
    /// Loads libtorch if it is not loaded yet. Call it before anything else of TorchSharp
    /// to get a clear message of one line if that fails. On Linux on x86-64 it also mends a fault of TorchSharp, by which a garbage
    /// collection in the middle of a call such as <c>x * 0.5</c> now and then frees the number too early; the trainer calls it itself.
    /// </summary>
    /// <exception cref="NativeLibraryException">Libtorch cannot be loaded; the message says why and what to do.</exception>
    public static void EnsureLoaded() => LibtorchLoader.Load();

    /// <summary>The version of the loaded libtorch, such as 2.10.0.</summary>
    /// <exception cref="NativeLibraryException">Libtorch cannot be loaded.</exception>
    public static Version LibtorchVersion
    {
        get
        {
            ulong version = Shim.aoti_torch_abi_version();
            return new((byte)(version >> 56), (byte)(version >> 48), (byte)(version >> 40));
        }
    }

    /// <summary>Whether the program's libtorch supports NVIDIA GPUs, even if the machine has none.</summary>
    public static bool HasCuda => NativeLibraries.Find("torch_cuda") is not null;

    /// <summary>
    /// Makes operators use exactly the cores that this process may use: libtorch itself
    /// counts the machine's cores, even in a container that is limited to a few.
    /// </summary>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    public static void UseAllCores()
    {
        EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
    }
}
