using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Vision.Cli.Commands;

namespace Vision.Cli;

/// <summary>All commands of <c>vision</c>.</summary>
internal static class CommandTree
{
    private static readonly HashSet<string> withoutTensors = ["models", "coco-eval", "convert"];

    /// <summary>Builds the commands.</summary>
    public static RootCommand Create()
    {
        RootCommand root = new("""
            Train, evaluate and run object detectors, segmenters and image classifiers.

            New here? "vision demo" trains a small detector on drawn shapes in about three minutes, without any download.
            """)
        {
            ModelsCommand.Create(), new TrainCommand().Command, ReplayCommand.Create(), EvalCommand.Create(),
            PredictCommand.Create(), ExportCommand.Create(), CocoEvalCommand.Create(), BenchCommand.Create(), SummaryCommand.Create(),
            CompareCommand.Create(), DataCommand.Create(), DemoCommand.Create(),
        };
        HelpWithExamples.AddTo(root);
        VersionWithLibraries.AddTo(root);
        return root;
    }

    /// <summary>What is wrong with a command line, in one line.</summary>
    public static string MistakesOf(ParseResult parsed)
    {
        string command = "vision";
        for (CommandResult? result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
            command = command.Insert("vision".Length, $" {result.Command.Name}");
        // A type's name in .NET tells a user nothing.
        string mistakes = Regex.Replace(string.Join(' ', parsed.Errors.Select(error => error.Message)), " as expected type '[^']*'", "");
        return $"{mistakes} See: {command} --help";
    }

    /// <summary>Whether a command line needs libtorch: loading it takes longer than help or a list does.</summary>
    public static bool ComputesWithTensors(ParseResult parsed) =>
        parsed.Action is not (HelpWithExamples or VersionWithLibraries) && !withoutTensors.Contains(parsed.CommandResult.Command.Name);
}
