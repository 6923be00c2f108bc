using System.Diagnostics;

namespace Vision.Ops.Tests.Cuda;

/// <summary>A program that may be installed on this machine.</summary>
internal static class Tool
{
    /// <summary>Where it is, or null.</summary>
    public static string? Path(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs it; fails the test where it does.</summary>
    public static void Run(string name, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name} {string.Join(' ', arguments)}:\n{errors}");
    }
}
