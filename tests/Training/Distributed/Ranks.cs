using System.Diagnostics;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>Runs <see cref="Worker"/> in real processes of MPI.</summary>
internal static class Ranks
{
    private static readonly TimeSpan limit = TimeSpan.FromMinutes(3);

    /// <summary>What a run left behind.</summary>
    /// <param name="ExitCode">The launcher's exit code.</param>
    /// <param name="Output">What all processes printed.</param>
    /// <param name="Lines">The lines of standard error.</param>
    public sealed record Result(int ExitCode, string Output, string[] Lines)
    {
        /// <summary>Asserts that it ended well.</summary>
        public void Succeeded() => Assert.True(ExitCode == 0, $"Exit code {ExitCode}:\n{string.Join('\n', Lines)}\n{Output}");
    }

    /// <summary>Skips the test where Open MPI is missing.</summary>
    public static void Require() => Requirement.Check(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "mpirun"))),
        "Open MPI is missing: apt-get install openmpi-bin.");

    /// <summary>Runs a scenario in so many processes, of one thread each, to its end.</summary>
    public static Result Run(int processes, params string[] arguments) => Start("mpirun",
        [
            "--quiet", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", $"{processes}", .. Program, .. arguments,
        ]);

    /// <summary>The command line of a worker, without its arguments.</summary>
    public static string[] Program => [Environment.ProcessPath!, "exec", typeof(Ranks).Assembly.Location];

    /// <summary>Runs any command that starts workers, to its end.</summary>
    public static Result Start(string command, params string[] arguments)
    {
        ProcessStartInfo info = new(command, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        info.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        info.Environment["OMP_NUM_THREADS"] = "1";
        info.Environment["TERM"] = "dumb";                     // the launcher gives each process a terminal
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', arguments)} has not ended after {limit.TotalMinutes} minutes.");
        }
        return new(process.ExitCode, output.Result, errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
