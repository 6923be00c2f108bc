using System.CommandLine;
using Vision.Cli.Commands;
using Vision.Training;

namespace Vision.Cli.Experiments;

/// <summary>Replaces a command line of <c>vision train</c> by what it stands for: the options of its file, or many runs.</summary>
internal static class ExperimentArguments
{
    /// <summary>Replaces it.</summary>
    /// <returns>The command line with the options of its file; and the runs, if it asks for several.</returns>
    /// <exception cref="InputException">The file cannot be used, or a list is wrong.</exception>
    public static (ParseResult Parsed, ExperimentRuns? Runs) Expand(ParseResult parsed)
    {
        bool isTraining = parsed.CommandResult.Command.Name == TrainCommand.Name && parsed.Action is not HelpWithExamples
            && parsed.UnmatchedTokens.Count == 0;
        if (!isTraining) return (parsed, null);
        TrainArguments line = TrainArguments.Of(parsed);
        RunFile? file = null;
        if (line["--config"] is { Length: > 0 } path)
        {
            file = RunFile.Read(path);
            line.Add(file, path);
            parsed = CommandTree.Create().Parse(line.ToArray());
        }
        IReadOnlyList<ExperimentAxis> axes = line.Axes();
        if (axes.Count > 0) return (parsed, new(line, axes, file));
        return line["--jobs"] is null ? (parsed, null)
            : throw new InputException("--jobs is for several runs: give an option a list of values, or --seeds, or leave it out.");
    }
}
