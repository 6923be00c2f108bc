using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>How libtorch uses the machine.</summary>
public static class Runtime
{
    /// <summary>
    /// Lets an operator run on every core that this process may use, and on no more: libtorch itself counts the machine's, also in a container that was given a few.
    /// </summary>
    public static void UseAllCores() => set_num_threads(Environment.ProcessorCount);
}
