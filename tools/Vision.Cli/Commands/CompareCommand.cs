using System.CommandLine;
using Spectre.Console;
using Vision.Cli.Experiments;
using Vision.Cli.Output;
using Vision.Visualization;
using OpenCvSharp;

namespace Vision.Cli.Commands;

/// <summary><c>vision compare</c>: shows runs side by side, and which differences are real.</summary>
internal static class CompareCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<DirectoryInfo[]> folders = new("RUNS")
        {
            Description = "Folders of runs, or of experiments with several runs.", Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> noTime = new("--no-time")
            { Description = "Do not measure the time per image, which takes a few seconds for each model." };
        Option<FileInfo?> html = new("--html") { Description = "Also write a page with the table and the plot.", HelpName = "FILE" };
        Option<FileInfo?> plot = new("--plot")
        {
            Description = "Also plot the metric against the time per image, as PNG or JPEG.", HelpName = "FILE",
        };
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("compare",
            "Compares training runs: metric with its spread over seeds, cost, the options that differ, and which differences are real.",
            "vision compare runs/grid",
            "vision compare runs/cells-1 runs/cells-2 --no-time",
            "vision compare runs/* --html comparison.html --plot comparison.png")
        {
            folders, noTime, html, plot, json,
        };
        command.SetAction(parsed =>
        {
            bool timed = !parsed.GetValue(noTime);
            if (!timed && parsed.GetValue(plot) is not null)
                throw new InputException("--plot shows the time per image, which --no-time does not measure: leave one of them out.");
            using Interruption interruption = new();
            ComparisonReport report = ComparisonReport.Create(
                [.. parsed.GetRequiredValue(folders).Select(folder => folder.ToString())], timed, interruption.Token);
            report.Print();
            JsonFile.Write(parsed.GetValue(json), report.ToJson());
            if (parsed.GetValue(html) is { } page) ComparisonPage.Write(page, report);
            if (parsed.GetValue(plot) is not { } file) return 0;
            using Mat picture = ComparisonPage.Plot(report);
            ImageOutput.Write(file.FullName, picture);
            return 0;
        });
        return command;
    }
}
