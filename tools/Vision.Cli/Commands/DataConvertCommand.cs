using System.CommandLine;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;

namespace Vision.Cli.Commands;

/// <summary><c>vision data convert</c>: writes a data set in another format.</summary>
internal sealed class DataConvertCommand
{
    private const int Shown = 10;

    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string> target = new("--to") { Description = "The format to write.", Required = true };
    private readonly Option<DirectoryInfo> output =
        new("--out") { Description = "The folder to create.", HelpName = "DIR", Required = true };
    private readonly Option<string[]> splits =
        new("--split") { Description = "Splits to convert; by default all.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> link =
        new("--link") { Description = "Link the images instead of copying them; the source must then stay in place." };
    private readonly Option<bool> force =
        new("--force") { Description = "Overwrite an existing data set in --out, including everything else in that folder." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        DataConvertCommand self = new();
        CommandWithExamples command = new("convert",
            "Converts annotated images between COCO, Pascal VOC and YOLO: boxes, segments and, for COCO, keypoints. " +
                "Lists what the new format cannot hold.",
            "vision data convert --data photos --to yolo --out photos-yolo",
            "vision data convert --data photos --to voc --out photos-voc --split train val --link")
        {
            self.data, self.format, self.target.AcceptOnlyFromAmong("coco", "voc", "yolo"), self.output, self.splits, self.link, self.force,
        };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        DatasetConverter converter = new()
        {
            Source = parsed.GetRequiredValue(data).ToString(),
            SourceFormat = Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true),
            Target = parsed.GetRequiredValue(output).ToString(),
            TargetFormat = Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(target), ignoreCase: true),
            Splits = parsed.GetValue(splits) ?? [],
            Link = parsed.GetValue(link),
            Overwrite = parsed.GetValue(force),
        };
        int images = 0;
        DatasetReport report = ProgressBar.Show("converting", progress => converter.Run((done, total) =>
        {
            images = total;
            progress(done, total);
        }, interruption.Token));
        AnsiConsole.WriteLine($"{images} images written to {converter.Target}");
        if (report.Problems.Count > 0) AnsiConsole.WriteLine($"  note: {report.Summary}");
        foreach (DatasetProblem problem in report.Problems.Skip(1).Take(Shown - 1)) AnsiConsole.WriteLine($"  {problem}");
        if (report.Problems.Count > Shown) AnsiConsole.WriteLine($"  and {report.Problems.Count - Shown} more");
        return 0;
    }
}
