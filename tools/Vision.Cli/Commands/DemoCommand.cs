using System.CommandLine;
using Vision.Cli.Demo;

namespace Vision.Cli.Commands;

/// <summary><c>vision demo</c>: the complete workflow in three minutes, on drawn shapes.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<DirectoryInfo> output = new("--out")
        {
            Description = "The folder for everything; that of an earlier demo is replaced.",
            HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo("demo"),
        };
        Option<int> seed = new("--seed") { Description = "Seed of the shapes and the initial weights.", HelpName = "N" };
        CommandWithExamples command = new("demo",
            "Draws a data set of shapes, trains a small Faster R-CNN on it in about three minutes, and shows what it learned.",
            "vision demo")
        {
            output, seed,
        };
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            return ShapeDemo.Run(parsed.GetRequiredValue(output).ToString(), parsed.GetValue(seed), interruption.Token)
                ? 0 : Interruption.ExitCode;
        });
        return command;
    }
}
