using Spectre.Console;
using Vision.Cli.Output;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>Shows how far the runs of an experiment are: bars on a terminal, with the latest line of each run; else a line at the beginning
/// and the end of each.</summary>
internal sealed class ExperimentProgress(int total, int doneBefore)
{
    // The bar, the percentage and the space between columns.
    private const int BarCharacters = 50, LeastCharacters = 20;

    private readonly Dictionary<ExperimentRun, ProgressTask> bars = [];
    private ProgressContext? context;
    private ProgressTask? all;
    private int done = doneBefore;

    /// <summary>Runs work that reports to this.</summary>
    public T Show<T>(Func<T> work)
    {
        if (!ProgressBar.IsPossible(AnsiConsole.Console)) return work();
        return ProgressBar.On(AnsiConsole.Console).Start(shown =>
        {
            context = shown;
            all = shown.AddTask("runs", maxValue: total);
            all.Value = done;
            return work();
        });
    }

    /// <summary>A run begins.</summary>
    public void Begin(ExperimentRun run)
    {
        lock (bars)
        {
            if (context is null) AnsiConsole.WriteLine($"{run.Name}: begun");
            else bars[run] = context.AddTask(Markup.Escape(run.Name)).IsIndeterminate();
        }
    }

    /// <summary>A run printed a line.</summary>
    public void Line(ExperimentRun run, string text)
    {
        lock (bars)
        {
            if (!bars.TryGetValue(run, out ProgressTask? bar)) return;
            string whole = $"{run.Name}  {text.Trim()}";
            int room = Math.Max(LeastCharacters, AnsiConsole.Profile.Width - BarCharacters);
            bar.Description = Markup.Escape(whole.Length <= room ? whole : whole[..(room - 1)] + "…");
        }
    }

    /// <summary>A run ended.</summary>
    public void End(ExperimentOutcome outcome, TimeSpan time)
    {
        lock (bars)
        {
            if (bars.Remove(outcome.Run, out ProgressTask? bar)) bar.StopTask();
            done++;
            if (all is not null) all.Value = done;
            string end = outcome.IsFinished ? "finished" : outcome.Failure is { } reason ? $"failed: {reason}" : "stopped";
            AnsiConsole.WriteLine($"{outcome.Run.Name}: {end} after {DurationText.Of(time.TotalSeconds)} ({done} of {total})");
        }
    }
}
