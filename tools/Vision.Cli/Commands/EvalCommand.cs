using System.CommandLine;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Training;
using Vision.Training.Evaluation;

namespace Vision.Cli.Commands;

/// <summary><c>vision eval</c>: measures a trained model on a data set.</summary>
internal static class EvalCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<FileInfo> weights = CommonOptions.Weights(required: true, "The trained model: safetensors, or torchvision's .pth.");
        Option<DirectoryInfo> data = CommonOptions.Data();
        Option<string> format = CommonOptions.DataFormat();
        Option<string?> split = new("--split") { Description = "The split to measure on; by default the one called val, or else test.", HelpName = "NAME" };
        Option<FileInfo?> json = CommonOptions.Json();
        Option<string> device = CommonOptions.Device();
        CommandWithExamples command = new("eval", "Measures a trained model on a data set by COCO's rules.",
            "vision eval fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --data photos",
            "vision eval fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --data photos --split test --json metrics.json")
        {
            model, backbone, weights, data, format, split, json, device,
        };
        command.SetAction(parsed =>
        {
            using TrainedDetector detector = TrainedDetector.Load(
                parsed.GetRequiredValue(weights).ToString(), parsed.GetRequiredValue(model), parsed.GetValue(backbone), ComputeDevice.Named(parsed.GetRequiredValue(device)));
            string folder = parsed.GetRequiredValue(data).ToString();
            DatasetFormat layout = Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);
            string chosen = parsed.GetValue(split) ?? Usual(DatasetReader.Splits(folder, layout), folder);
            return Run(detector, DatasetReader.Read(folder, layout, chosen, detector.Categories), parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>The split that models are measured on where none is named.</summary>
    private static string Usual(IReadOnlyList<string> splits, string folder) =>
        splits.FirstOrDefault(split => split.StartsWith("val", StringComparison.OrdinalIgnoreCase))
        ?? splits.FirstOrDefault(split => split.StartsWith("test", StringComparison.OrdinalIgnoreCase))
        ?? (splits.Count == 1 ? splits[0] : throw new InputException($"{folder} has no split called val or test; name one with --split: {string.Join(", ", splits)}."));

    private static int Run(TrainedDetector detector, DetectionDataset dataset, FileInfo? json)
    {
        AnsiConsole.WriteLine($"{dataset.Name}: {dataset.Samples.Count} images, {dataset.Samples.Sum(sample => sample.Objects.Count)} objects");
        if (dataset.Report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
        using Interruption interruption = new();
        CocoMetrics metrics = ProgressBar.Show("evaluating",
            report => DetectorEvaluation.Run(detector.Model, dataset, report, interruption.Token));
        MetricsTable.Write(metrics);
        JsonFile.Write(json, metrics.ToJson());
        return 0;
    }
}
