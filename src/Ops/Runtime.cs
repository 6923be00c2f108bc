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

    /// <summary>
    /// Lets an operator run on every core that this process may use, and on no more: libtorch itself counts the machine's, also in a container that was given a few.
    /// </summary>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    public static void UseAllCores()
    {
        EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
    }
}
