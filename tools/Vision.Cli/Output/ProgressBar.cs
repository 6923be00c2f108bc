using Spectre.Console;

namespace Vision.Cli.Output;

/// <summary>A progress bar on a terminal; nothing in a file or a pipe.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that reports its progress as (done, total).</summary>
    public static T Show<T>(string what, Func<Action<int, int>, T> work)
    {
        if (!IsPossible(AnsiConsole.Console)) return work((_, _) => { });
        return On(AnsiConsole.Console).Start(context =>
        {
            ProgressTask bar = context.AddTask(what);
            return work((done, total) =>
            {
                bar.MaxValue = total;
                bar.Value = done;
            });
        });
    }

    /// <summary>Whether the console is a terminal that can redraw a line.</summary>
    public static bool IsPossible(IAnsiConsole console) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>An area for bars on a console, which is cleared at the end.</summary>
    public static Progress On(IAnsiConsole console) => console.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
}
