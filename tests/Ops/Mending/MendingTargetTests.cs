using System.Diagnostics;
using Vision.Ops.Building;
using Vision.Testing;

namespace Vision.Ops.Tests.Mending;

/// <summary>What the package adds to the build of a program, in a project that has only the two targets which it follows.</summary>
public sealed class MendingTargetTests : IDisposable
{
    private static readonly byte[] broken = ElfFile.Broken(), mended = Mended();

    private readonly TempFolder folder = new();
    private readonly string library, record, cached;

    public MendingTargetTests()
    {
        (library, record) = (folder["out/runtimes/linux-x64/native/libLibTorchSharp.so"], folder["obj/MendLibTorchSharp.txt"]);
        cached = folder.Write("cache/libLibTorchSharp.so", broken);
        Directory.CreateDirectory(folder["obj"]);
        folder.Write("program.proj", $"""
            <Project DefaultTargets="Build">
              <PropertyGroup>
                <OutDir>out/</OutDir>
                <PublishDir>{folder["publish"]}/</PublishDir>
                <IntermediateOutputPath>obj/</IntermediateOutputPath>
              </PropertyGroup>
              <Import Project="{Repository.Root}/src/Ops/buildTransitive/Vision.Ops.targets" />
              <Target Name="CopyFilesToOutputDirectory" />
              <Target Name="CopyFilesToPublishDirectory" />
              <Target Name="Build" DependsOnTargets="CopyFilesToOutputDirectory" />
              <Target Name="Publish" DependsOnTargets="CopyFilesToOutputDirectory;CopyFilesToPublishDirectory" />
            </Project>
            """);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void EveryCopyIsMendedAndAgainWhenItIsOverwritten()
    {
        folder.Write("publish/libLibTorchSharp.so", broken);
        Copy();
        Assert.Contains("patched", Build("Publish", "true"));
        Assert.Equal(mended, File.ReadAllBytes(library));
        Assert.Equal(mended, File.ReadAllBytes(folder["publish/libLibTorchSharp.so"]));
        Assert.Equal(broken, File.ReadAllBytes(cached));

        // Nothing is left to do, which needs no task: one that ran would write its record anew.
        DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(record, time);
        Assert.Equal("", Build("Publish", "true"));
        Assert.Equal(time, File.GetLastWriteTimeUtc(record));

        Copy();
        Assert.Contains(library, Path.GetFullPath(Build("Build", "true").Split(": patched")[0].Trim(), folder.Path));
        Assert.Equal(mended, File.ReadAllBytes(library));
        Assert.Equal(broken, File.ReadAllBytes(cached));
    }

    [Fact]
    public void ByDefaultThisMachinesLibraryDecides()
    {
        Copy();
        string output = Build("Build");
        bool has = !OperatingSystem.IsLinux() || HostLibrary.HasSymbol() != false;
        Assert.Equal(has ? "" : "patched", output.Contains("patched") ? "patched" : output);
        Assert.Equal(has ? broken : mended, File.ReadAllBytes(library));
        Assert.Equal("", Build("Build"));
    }

    [Fact]
    public void FalseLeavesTheLibraryAlone()
    {
        Copy();
        Assert.Equal("", Build("Build", "false"));
        Assert.Equal(broken, File.ReadAllBytes(library));
    }

    [Fact]
    public void ALibraryThatCannotBeMendedFailsTheBuildInOneLine()
    {
        Copy();
        byte[] cut = broken[..(broken.Length / 2)];
        File.Delete(library);
        File.WriteAllBytes(library, cut);
        string line = Assert.Single(Build("Build", "true", exitCode: 1).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"error : the library cannot be patched to work without {ElfMending.Version}: it is truncated or damaged "
            + $"({cut.Length} bytes; its headers require at least {broken.Length}). If it is damaged, delete it and build again; "
            + "MendLibTorchSharp=false leaves it as it is.", line);
        Assert.Equal(cut, File.ReadAllBytes(library));
        Assert.False(File.Exists(record));
    }

    [Fact]
    public void AnotherSettingIsAMistake()
    {
        Copy();
        Assert.Contains("error : MendLibTorchSharp is 'maybe'; it can be auto, true or false.", Build("Build", "maybe", exitCode: 1));
    }

    public void Dispose() => folder.Dispose();

    // As the build copies it where it may make hard links.
    private void Copy()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(library)!);
        File.Delete(library);
        if (OperatingSystem.IsWindows()) File.Copy(cached, library);
        else PackageLibrary.HardLink(cached, library);
    }

    private string Build(string target, string? setting = null, int exitCode = 0)
    {
        string[] settings = setting is null ? [] : [$"-p:MendLibTorchSharp={setting}"];
        ProcessStartInfo info = new("dotnet", ["msbuild", "program.proj", $"-t:{target}", "-nologo", "-v:m", "-nr:false", .. settings])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        };
        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == exitCode, $"Exit code {process.ExitCode}:\n{output}");
        return output;
    }

    private static byte[] Mended()
    {
        byte[] library = ElfFile.Broken();
        ElfMending.Mend(library);
        return library;
    }
}
