using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>How libtorch uses the machine.</summary>
public static class Runtime
{
    /// <summary>
    /// Lets an operator run on every core that this process may use. Some builds of libtorch, Debian's for one, start with one thread.
    /// </summary>
    public static void UseAllCores() => set_num_threads(Environment.ProcessorCount);
}
