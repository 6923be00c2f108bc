using System.Diagnostics;

namespace Vision.Cli.Tests;

/// <summary>The built command line, run as a user runs it: in a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan timeLimit = TimeSpan.FromMinutes(4);

    /// <summary>What a run left behind.</summary>
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        /// <summary>Asserts a good end, and gives what was printed.</summary>
        public string Succeeded()
        {
            Assert.True(ExitCode == 0, $"Exit code {ExitCode}:\n{Errors}\n{Output}");
            return Output;
        }

        /// <summary>Asserts that a mistake was answered with one line, exit code 2 and no stack trace.</summary>
        public void FailedWith(string message)
        {
            Assert.True(ExitCode == 2, $"Exit code {ExitCode}:\n{Errors}\n{Output}");
            string line = Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal($"vision: {message}", line);
        }
    }

    /// <summary>Runs it to its end.</summary>
    public static Result Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        return End(process, arguments);
    }

    /// <summary>Runs it to its end in a folder.</summary>
    public static Result RunIn(string folder, params string[] arguments)
    {
        using Process process = StartIn(folder, display: "", arguments);
        return End(process, arguments);
    }

    /// <summary>Runs a copy of it to its end.</summary>
    /// <param name="program">The folder that holds the copy.</param>
    /// <param name="arguments">What to run.</param>
    public static Result RunCopy(string program, params string[] arguments)
    {
        using Process process = StartIn("", display: "", arguments, program);
        return End(process, arguments);
    }

    /// <summary>Waits for one that was started.</summary>
    public static Result End(Process process, params string[] arguments)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"vision {string.Join(' ', arguments)} has not ended after {timeLimit.TotalMinutes} minutes.");
        }
        return new(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Starts it. The caller reads its output and disposes it.</summary>
    public static Process Start(params string[] arguments) => StartOn(display: "", arguments);

    /// <summary>Starts it where this display is; an empty one is none.</summary>
    public static Process StartOn(string display, params string[] arguments) => StartIn("", display, arguments);

    /// <summary>
    /// Starts it through another program: <paramref name="command"/> is that program,
    /// and what it is told before the tool's own command line.
    /// </summary>
    public static Process StartThrough(string[] command, params string[] arguments) =>
        StartIn("", display: "", arguments, through: command);

    /// <summary>
    /// Sends Ctrl-C to one that was started with <c>env --default-signal=INT</c>: what runs in the background of a shell ignores it else.
    /// </summary>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static Process StartIn(string folder, string display, string[] arguments, string? program = null, string[]? through = null)
    {
        string[] line = [.. through ?? [], "dotnet", Path.Combine(program ?? AppContext.BaseDirectory, "vision.dll"), .. arguments];
        ProcessStartInfo info = new(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        (info.Environment["DISPLAY"], info.Environment["WAYLAND_DISPLAY"]) = (display, "");
        return Process.Start(info)!;
    }
}
