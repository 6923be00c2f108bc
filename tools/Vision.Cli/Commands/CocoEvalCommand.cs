using System.CommandLine;
using Vision.Cli.Output;
using Vision.Training.Evaluation;

namespace Vision.Cli.Commands;

/// <summary><c>vision coco-eval</c>: measures a file of results against a file of annotations.</summary>
internal static class CocoEvalCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<FileInfo> truth = new("--gt") { Description = "The ground truth, as in instances_val2017.json.", HelpName = "FILE", Required = true };
        Option<FileInfo> results = new("--dt") { Description = "The detections, as a list of COCO results.", HelpName = "FILE", Required = true };
        Option<string> kind = new("--iou-type") { Description = "What is compared.", DefaultValueFactory = _ => "bbox" };
        kind.AcceptOnlyFromAmong("bbox");
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("coco-eval", "Measures detections by COCO's rules, equal to pycocotools.",
            "vision coco-eval --gt instances_val2017.json --dt results.json --iou-type bbox --json metrics.json")
        {
            truth.AcceptExistingOnly(), results.AcceptExistingOnly(), kind, json,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(truth), parsed.GetRequiredValue(results), parsed.GetValue(json)));
        return command;
    }

    private static int Run(FileInfo truth, FileInfo results, FileInfo? json)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(CocoFiles.ReadBoxes(truth.FullName, results.FullName), CocoRules.Boxes);
        MetricsTable.Write(metrics);
        JsonFile.Write(json, metrics.ToJson());
        return 0;
    }
}
