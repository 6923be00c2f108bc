using System.Reflection;
using System.Runtime.InteropServices;
using Vision.Ops.Libtorch;

namespace Vision.Ops;

/// <summary>The toolkit's native libraries, TorchSharp's, OpenCvSharp's and ONNX Runtime's: explains why one cannot be loaded, and what to do.</summary>
public static class NativeLibraries
{
    /// <summary>
    /// Makes an assembly's calls into a native library throw a <see cref="NativeLibraryException"/>, with the reason and the remedy,
    /// if the library cannot be loaded. Nothing is loaded before the first call. For programs, not for libraries: an assembly can have only
    /// one resolver.
    /// </summary>
    /// <param name="assembly">The assembly, such as OpenCvSharp.</param>
    /// <param name="name">The name of the library in the assembly's calls, such as "OpenCvSharpExtern".</param>
    /// <exception cref="InvalidOperationException">The assembly already has a resolver.</exception>
    public static void ExplainFailures(Assembly assembly, string name)
    {
        Lazy<nint> library = new(() => Load(name, assembly), LazyThreadSafetyMode.PublicationOnly);
        NativeLibrary.SetDllImportResolver(assembly, (called, _, _) => called == name ? library.Value : 0);
    }

    /// <summary>Loads a native library as an assembly's call would.</summary>
    /// <exception cref="NativeLibraryException">The library cannot be loaded.</exception>
    internal static nint Load(string name, Assembly assembly)
    {
        string? path = Find(name);
        if (path is not null) NativeFile.CheckWhole(path);
        if (NativeLibrary.TryLoad(name, assembly, null, out nint library)) return library;
        if (path is null) throw new NativeLibraryException(LoadFailure.Missing(name, FileName(name)));
        try
        {
            return NativeLibrary.Load(path);                   // a full path results in one reason, not one for each searched folder
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(LoadFailure.Explain(name, path, e.Message), e);
        }
    }

    /// <summary>The path of a library that is part of the program; null if it is not.</summary>
    internal static string? Find(string name)
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, FileName(name))).FirstOrDefault(File.Exists);
    }

    private static string FileName(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
