using System.Diagnostics;

namespace Vision.Packages.Tests;

/// <summary>The SDK, run in a folder with settings of its own.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan timeLimit = TimeSpan.FromMinutes(8);

    /// <summary>Runs it to its end, which must be a good one, and gives what it printed.</summary>
    public static string Run(string folder, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        ProcessStartInfo info = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A node that MSBuild keeps for later would hold the output open.
        (info.Environment["MSBUILDDISABLENODEREUSE"], info.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"]) = ("1", "0");
        foreach ((string name, string value) in environment) info.Environment[name] = value;
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} has not ended after {timeLimit.TotalMinutes} minutes.");
        }
        string command = $"dotnet {string.Join(' ', arguments)}";
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{output.Result}\n{errors.Result}");
        return output.Result;
    }
}
