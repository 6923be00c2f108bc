using System.CommandLine;
using Spectre.Console;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision replay</c>: repeats a training step that failed.</summary>
internal sealed class ReplayCommand
{
    private const int DoesNotFail = 1;

    private readonly Argument<DirectoryInfo> folder = new("DIR") { Description = "The folder failure of a run, or a copy of it." };
    private readonly Option<string> device = CommonOptions.Device();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        ReplayCommand self = new();
        CommandWithExamples command = new("replay",
            "Repeats a training step that failed (NaN, an exception, not enough memory), and says in which layer and operation it fails. " +
                "The data set is not needed. Exits with 0 if the step fails again, and with 1 if it does not.",
            "vision replay runs/fasterrcnn_resnet18_fpn-1/failure")
        {
            self.folder, self.device,
        };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        FailureCapsule capsule = FailureCapsule.Open(parsed.GetRequiredValue(folder).ToString());
        AnsiConsole.WriteLine($"Step {capsule.Step} (epoch {capsule.Epoch}) failed with: {capsule.Error}");
        ReplayResult result = capsule.Replay(ComputeDevice.Named(parsed.GetRequiredValue(device)));
        AnsiConsole.WriteLine(result.Text);
        foreach (string difference in result.Differences) AnsiConsole.WriteLine($"  note: {difference}");
        if (!result.Failed && result.Differences.Count == 0) AnsiConsole.WriteLine("  note: the machine and the versions are the same.");
        return result.Failed ? 0 : DoesNotFail;
    }
}
