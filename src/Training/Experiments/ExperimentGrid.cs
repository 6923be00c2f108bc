using System.Text.RegularExpressions;

namespace Vision.Training;

/// <summary>Many runs that differ in some options: every combination of their values.</summary>
/// <example><code>
/// var runs = ExperimentGrid.Of([new("backbone", ["resnet18", "resnet50"]), new("seed", ["0", "1", "2"])]);
/// ExperimentGrid.Run(runs, jobs: 1, (run, stop) =>
/// {
///     DetectorTrainingOptions options = new()
///     {
///         Backbone = run.Choices[0].Value, Seed = int.Parse(run.Choices[1].Value), Folder = $"runs/first/{run.Name}", Resume = true,
///     };
///     return new(run, DetectorTraining.Run("fasterrcnn_resnet50_fpn", data, options, cancellation: stop).Finished);
/// });
/// Comparison found = Comparison.Of([.. RunSummary.ReadAll(["runs/first"])]);
/// </code></example>
public static partial class ExperimentGrid
{
    /// <summary>The runs: the last option varies fastest.</summary>
    /// <exception cref="InputException">An option has no value or the same one twice, or two runs would get the same name.</exception>
    public static IReadOnlyList<ExperimentRun> Of(IReadOnlyList<ExperimentAxis> axes)
    {
        foreach (ExperimentAxis axis in axes)
        {
            if (axis.Values.Count == 0 || axis.Values.Any(value => value.Length == 0))
                throw new InputException($"{axis.Option} lists an empty value: separate values by single commas.");
            if (axis.Values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InputException($"{axis.Option} lists {twice.Key} twice: leave one out.");
        }
        IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> combinations = [[]];
        foreach (ExperimentAxis axis in axes)
            combinations = [.. combinations.SelectMany(one => axis.Values.Select(value =>
                (IReadOnlyList<KeyValuePair<string, string>>)[.. one, KeyValuePair.Create(axis.Option, value)]))];
        ExperimentRun[] runs = [.. combinations.Select(choices =>
            new ExperimentRun(string.Join(',', choices.Select(choice => $"{Plain(choice.Key)}={Plain(choice.Value)}")), choices))];
        if (runs.GroupBy(run => run.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new InputException($"Two runs would both be called {same.Key}: give their files other names.");
        return runs;
    }

    /// <summary>Does the runs in their order, so many at a time. One that fails does not stop the others.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="jobs">How many to do at once, 1 or more.</param>
    /// <param name="start">Does one, and returns how it ended. An <see cref="InputException"/> of it counts as a failure; any other
    /// exception is thrown when those under way have ended.</param>
    /// <param name="cancellation">Starts no more runs, and is handed to those under way.</param>
    /// <returns>How each ended, in their order; those that were not started are not among them.</returns>
    public static IReadOnlyList<ExperimentOutcome> Run(IReadOnlyList<ExperimentRun> runs, int jobs,
        Func<ExperimentRun, CancellationToken, ExperimentOutcome> start, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        ExperimentOutcome?[] outcomes = new ExperimentOutcome?[runs.Count];
        int next = -1;
        Task[] workers = [.. Enumerable.Range(0, Math.Min(jobs, runs.Count)).Select(_ => Task.Factory.StartNew(Work,
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(workers, CancellationToken.None);
        return [.. outcomes.OfType<ExperimentOutcome>()];

        void Work()
        {
            while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < runs.Count)
            {
                try
                {
                    outcomes[i] = start(runs[i], cancellation);
                }
                catch (InputException e)
                {
                    outcomes[i] = new(runs[i], IsFinished: false, e.Message);
                }
            }
        }
    }

    /// <summary>A text that can be part of a folder's name: of a path, only the file's name.</summary>
    private static string Plain(string text) => Unusual().Replace(Path.GetFileName(text.TrimEnd('/', '\\')), "-");

    [GeneratedRegex(@"[^\w.+\-]")]
    private static partial Regex Unusual();
}
