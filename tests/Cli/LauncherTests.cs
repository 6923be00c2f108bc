using System.Diagnostics;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class LauncherTests
{
    private static readonly string launcher = Path.Combine(Repository.Root, "vision");

    [Fact]
    public void WithoutDotnetItSaysWhatToInstall()
    {
        using TempFolder folder = new();
        foreach (string tool in (string[])["bash", "dirname", "readlink"]) File.CreateSymbolicLink(folder[tool], $"/usr/bin/{tool}");
        ProcessStartInfo info = new("/usr/bin/bash", [launcher, "models"]) { RedirectStandardError = true };
        info.Environment["PATH"] = folder.Path;
        info.Environment["HOME"] = folder.Path;
        using Process process = Process.Start(info)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal("vision: the .NET 10 SDK is not installed. Get it from https://dotnet.microsoft.com/download\n", errors);
    }

    [SkippableTheory]
    [InlineData("vision")]
    [InlineData(".ci/run")]
    [InlineData("tools/bench-vs-torchvision")]
    public void ScriptsAreExecutable(string script)
    {
        if (OperatingSystem.IsWindows()) throw new SkipException("Windows has no executable bit.");
        Assert.True(File.GetUnixFileMode(Path.Combine(Repository.Root, script)).HasFlag(UnixFileMode.UserExecute));
    }
}
