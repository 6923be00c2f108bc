using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Vision.Ops;

namespace Vision.Testing;

/// <summary>libtorch as a program has it that calls <see cref="Runtime.EnsureLoaded"/> first.</summary>
internal static class LoadedLibtorch
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only tests load this assembly.")]
    internal static void Load() => Runtime.EnsureLoaded();
}
