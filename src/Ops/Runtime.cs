using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>How libtorch uses the machine.</summary>
public static class Runtime
{
    /// <summary>
    /// Loads libtorch if it is not loaded yet. A program that calls this before anything else of TorchSharp gets to know in one line what
    /// hinders it.
    /// </summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded; the message says why and what to do.</exception>
    public static void EnsureLoaded() => LibtorchLoader.Load();

    /// <summary>The version of the libtorch that is loaded, such as 2.10.0.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public static Version LibtorchVersion
    {
        get
        {
            ulong version = Shim.aoti_torch_abi_version();
            return new((byte)(version >> 56), (byte)(version >> 48), (byte)(version >> 40));
        }
    }

    /// <summary>Whether the libtorch that came with the program can compute on an NVIDIA GPU, be there one or not.</summary>
    public static bool HasCuda => NativeLibraries.Find("torch_cuda") is not null;

    /// <summary>
    /// Lets an operator run on every core that this process may use, and on no more: libtorch itself
    /// counts the machine's, also in a container that was given a few.
    /// </summary>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    public static void UseAllCores()
    {
        EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
    }
}
