using System.CommandLine;

namespace Vision.Cli.Commands;

/// <summary><c>vision data</c>: checks and converts data sets.</summary>
internal static class DataCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() =>
        new CommandWithExamples("data", "Checks annotated images, and converts them between COCO, Pascal VOC and YOLO.",
        "vision data check --data photos",
        "vision data convert --data photos --to coco --out photos-coco")
    {
        DataCheckCommand.Create(), DataConvertCommand.Create(),
    };
}
