using System.Diagnostics;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>One run in a process of its own, so that its end, however bad, is not that of the others.</summary>
internal static class RunProcess
{
    private const string LogName = "log.txt";

    /// <summary>Does a run to its end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="folder">Its folder, which receives what it prints as <c>log.txt</c>.</param>
    /// <param name="cores">The cores that it may use.</param>
    /// <param name="show">Called with each line that it prints.</param>
    /// <param name="cancellation">Stops it at the next safe point.</param>
    public static ExperimentOutcome Run(ExperimentRun run, string[] arguments, string folder, int cores, Action<string> show,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        using StreamWriter log = new(Path.Combine(folder, LogName), append: true) { AutoFlush = true };
        using Process process = new() { StartInfo = StartInfo(arguments, cores) };
        string error = "";
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text
                && (error.Length == 0 || text.StartsWith("vision:", StringComparison.Ordinal))) error = text;
            Note(line.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Its input is a lifeline: it stops when this is closed, also because this process was killed.
        using (cancellation.Register(process.StandardInput.Close)) process.WaitForExit();
        string reason = error.StartsWith("vision: ", StringComparison.Ordinal) ? error["vision: ".Length..] : error;
        return process.ExitCode switch
        {
            0 => new(run, IsFinished: true),
            Interruption.ExitCode when cancellation.IsCancellationRequested => new(run, IsFinished: false),
            var code => new(run, IsFinished: false,
                $"{(reason.Length > 0 ? reason : $"it ended with exit code {code}")} (see {Path.Combine(folder, LogName)})"),
        };

        void Note(string? line)
        {
            if (line is not { Length: > 0 }) return;
            lock (log) log.WriteLine(line);
            show(line);
        }
    }

    private static ProcessStartInfo StartInfo(string[] arguments, int cores)
    {
        string program = Environment.ProcessPath!, library = typeof(RunProcess).Assembly.Location;
        // "dotnet vision.dll", unless there is a program of its own.
        bool isHosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo info = new(program, isHosted ? [library, .. arguments] : arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        info.Environment["OMP_NUM_THREADS"] = info.Environment["DOTNET_PROCESSOR_COUNT"] = $"{cores}";
        info.Environment[Interruption.LifelineVariable] = "1";
        return info;
    }
}
