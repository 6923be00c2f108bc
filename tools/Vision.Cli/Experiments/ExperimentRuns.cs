using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Vision.Cli.Commands;
using Vision.Cli.Output;
using Vision.Ops;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>The runs that a command line with lists of values stands for: all are checked, then done one after the other or several at
/// once, and compared at the end.</summary>
internal sealed class ExperimentRuns(TrainArguments line, IReadOnlyList<ExperimentAxis> axes, RunFile? config)
{
    private const int Failed = 1;

    private readonly IReadOnlyList<ExperimentRun> runs = ExperimentGrid.Of(axes);

    /// <summary>The command line of each run.</summary>
    /// <param name="folder">The folder of their folders.</param>
    public IEnumerable<string[]> Lines(string folder) => runs.Select(run => line.ToArray(run, Path.Combine(folder, run.Name)));

    /// <summary>Does them.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">A run cannot be done; none has begun.</exception>
    public int Run()
    {
        if (!int.TryParse(line["--jobs"] ?? "1", out int jobs) || jobs < 1)
            throw new InputException($"--jobs is {line["--jobs"]}; it must be 1 or more.");
        bool resume = line["--resume"] is not null;
        string prefix = $"{runs[0].Choices.FirstOrDefault(choice => choice.Key == "model").Value ?? line.ModelName}-grid";
        using Interruption interruption = new();
        string? given = line["--out"] ?? (resume && RunFolder.LatestOf(prefix) is { Length: > 0 } latest ? latest : null);
        Dictionary<ExperimentRun, RunStage> stages = Stages(given, resume);
        // Nothing is written before everything was checked, not even an empty folder.
        Check(given, stages, interruption.Token);
        using NumberedFolder? numbered = given is null ? RunFolder.CreateFor(prefix) : null;
        string folder = given ?? numbered!.Path;

        ExperimentRun[] open = [.. runs.Where(run => stages[run] != RunStage.Finished)];
        AnsiConsole.WriteLine($"{runs.Count} runs into {folder}, {(jobs == 1 ? "one after the other" : $"{jobs} at a time")}" +
            (open.Length < runs.Count ? $"; {runs.Count - open.Length} are done already" : ""));
        int cores = Math.Max(1, Environment.ProcessorCount / Math.Min(jobs, Math.Max(1, open.Length)));
        ExperimentProgress progress = new(runs.Count, runs.Count - open.Length);
        IReadOnlyList<ExperimentOutcome> outcomes = progress.Show(() => ExperimentGrid.Run(open, jobs, (run, cancellation) =>
        {
            string own = Path.Combine(folder, run.Name);
            Stopwatch clock = Stopwatch.StartNew();
            progress.Begin(run);
            ExperimentOutcome outcome = RunProcess.Run(run, line.ToArray(run, own), own, cores,
                text => progress.Line(run, text), cancellation);
            progress.End(outcome, clock.Elapsed);
            return outcome;
        }, interruption.Token));
        return Conclude(folder, outcomes, interruption.Token);
    }

    private int Conclude(string folder, IReadOnlyList<ExperimentOutcome> outcomes, CancellationToken cancellation)
    {
        string[] done = [.. runs.Select(run => Path.Combine(folder, run.Name)).Where(own => File.Exists(RunFolder.At(own).BestImages))];
        if (cancellation.IsCancellationRequested)
        {
            AnsiConsole.WriteLine($"Stopped. The same command with --resume --out {folder} continues from here.");
            return Interruption.ExitCode;
        }
        if (done.Length > 0) ComparisonReport.Create(done, timed: true, cancellation).Print();
        AnsiConsole.WriteLine($"Compare again, as a page: vision compare {folder} --html comparison.html");
        ExperimentOutcome[] failed = [.. outcomes.Where(outcome => outcome.Failure is not null)];
        foreach (ExperimentOutcome outcome in failed) Console.Error.WriteLine($"vision: {outcome.Run.Name} failed: {outcome.Failure}");
        return failed.Length > 0 ? Failed : 0;
    }

    private Dictionary<ExperimentRun, RunStage> Stages(string? folder, bool resume)
    {
        Dictionary<ExperimentRun, RunStage> stages =
            runs.ToDictionary(run => run, run => folder is null ? RunStage.Missing : RunFolder.At(Path.Combine(folder, run.Name)).Stage);
        if (!resume && folder is not null && stages.Values.Any(stage => stage != RunStage.Missing))
            throw new InputException($"{folder} already holds runs of this experiment: add --resume to continue it, or choose " +
                "another folder.");
        return stages;
    }

    /// <summary>Prepares each run as if it began, except those that differ from another only in the seed.</summary>
    /// <exception cref="InputException">One cannot be done, or was begun with other options.</exception>
    private void Check(string? folder, Dictionary<ExperimentRun, RunStage> stages, CancellationToken cancellation)
    {
        TrainCommand train = new();
        RootCommand root = new() { train.Command };
        string[][] lines = [.. Lines(folder ?? "runs")];
        foreach (string[] own in lines)
            if (root.Parse(own) is { Errors.Count: > 0 } parsed) throw new InputException(CommandTree.MistakesOf(parsed));
        Runtime.UseAllCores();
        bool warned = config is null;
        foreach (var group in runs.Index().GroupBy(entry => string.Join('\n', entry.Item.Choices.Where(choice => choice.Key != "seed"))))
        {
            cancellation.ThrowIfCancellationRequested();
            RunFile now = train.Check(root.Parse(lines[group.First().Index]), cancellation);
            if (!warned) RunDifferences.Warn(line["--config"]!, config!, now);
            warned = true;
            foreach (var (_, run) in group)
                if (stages[run] != RunStage.Missing)
                    RunDifferences.RequireSame(RunFolder.At(Path.Combine(folder!, run.Name)).RunFile, now);
        }
    }
}
