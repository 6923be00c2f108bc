using System.Diagnostics;
using Vision.Ops.Building;
using Vision.Testing;

namespace Vision.Ops.Tests.Mending;

/// <summary>TorchSharp's own library, mended.</summary>
public sealed class MendedLibraryTests
{
    private static readonly string built = NativeLibraries.Find("LibTorchSharp")!;

    [SkippableFact]
    public void TheMendedLibraryLoads()
    {
        string original = PackageLibrary.Find();
        using TempFolder folder = new();
        string library = folder["libLibTorchSharp.so"];
        File.Copy(original, library);
        foreach (string other in Directory.GetFiles(Path.GetDirectoryName(built)!, "lib*.so*"))
            if (Path.GetFileName(other) != Path.GetFileName(library))
                File.CreateSymbolicLink(folder[Path.GetFileName(other)], other);

        if (HostLibrary.HasSymbol() == false) Assert.Contains($": version `{ElfMending.Version}' not found", Assert.Single(Load(library)));
        Assert.True(ElfMending.MendFile(library));
        Assert.Empty(Load(library));
    }

    [SkippableFact]
    public void OtherHardLinksKeepTheOldFile()
    {
        byte[] original = File.ReadAllBytes(PackageLibrary.Find());
        using TempFolder folder = new();
        string cached = folder.Write("cache/libLibTorchSharp.so", original), copy = folder["libLibTorchSharp.so"];
        PackageLibrary.HardLink(cached, copy);
        Assert.True(ElfMending.MendFile(copy));
        Assert.Equal(original, File.ReadAllBytes(cached));
        Assert.NotEqual(original, File.ReadAllBytes(copy));
    }

    [SkippableFact]
    public void TheBuildHasMendedTheLibraryOfTheseTestsIfItHadTo()
    {
        byte[] library = File.ReadAllBytes(PackageLibrary.Find());
        if (HostLibrary.HasSymbol() == false) Assert.True(ElfMending.Mend(library));
        Assert.Equal(library, File.ReadAllBytes(built));
    }

    [SkippableFact]
    public void TheLoaderSaysWhatThisMachinesLibraryHolds()
    {
        if (!OperatingSystem.IsLinux()) throw new SkipException("Only Linux has a libstdc++ of the system.");
        bool? found = HostLibrary.HasSymbol();                                               // loads it
        string? path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(name => name.Contains("/libstdc++.so.6"));
        Assert.Equal(found, path is null ? null : File.ReadAllBytes(path).AsSpan().IndexOf("\0GLIBCXX_3.4.32\0"u8) >= 0);
    }

    // What the loader complains of when it loads a library, with all that it imports, into a program that does nothing.
    // That a weak version is missing is no complaint.
    private static IEnumerable<string> Load(string library)
    {
        ProcessStartInfo info = new("/bin/true") { RedirectStandardError = true };
        (info.Environment["LD_PRELOAD"], info.Environment["LD_BIND_NOW"]) = (library, "1");
        using Process process = Process.Start(info)!;
        string[] errors = process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return errors.Where(line => !line.Contains(": weak version "));
    }
}
