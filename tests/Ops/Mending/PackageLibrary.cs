using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Testing;

namespace Vision.Ops.Tests.Mending;

/// <summary>TorchSharp's library as it lies in the package cache, and links to files.</summary>
internal static class PackageLibrary
{
    /// <summary>Its path in the package cache.</summary>
    /// <exception cref="SkipException">This is not Linux, or it is not there, and CI is not "true".</exception>
    public static string Find()
    {
        if (!OperatingSystem.IsLinux()) throw new SkipException("Only on Linux is there a libLibTorchSharp.so.");
        string cache = typeof(PackageLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "NuGetPackageRoot").Value!;
        string version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        string path = Path.Combine(cache, "torchsharp", version, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Requirement.Check(File.Exists(path), $"There is no {path}: restore the packages.");
        return path;
    }

    /// <summary>Gives a file another name; what is written into one is then in both.</summary>
    public static void HardLink(string file, string name)
    {
        if (Link(file, name) != 0) throw new IOException($"{name} cannot be linked to {file}: error {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
