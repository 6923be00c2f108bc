using System.CommandLine;
using System.Globalization;
using Vision.Cli.Output;
using Vision.Evaluation;

namespace Vision.Cli.Commands;

/// <summary><c>vision coco-eval</c>: evaluates a results file against an annotation file.</summary>
internal static class CocoEvalCommand
{
    private const string Boxes = "bbox", Masks = "segm", Keypoints = "keypoints";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<FileInfo> truth =
            new("--gt") { Description = "The ground truth, in the format of instances_val2017.json.", HelpName = "FILE", Required = true };
        Option<FileInfo> results =
            new("--dt") { Description = "The detections, as a list of COCO results.", HelpName = "FILE", Required = true };
        Option<string> kind = new("--iou-type") { Description = "What to compare.", DefaultValueFactory = _ => Boxes };
        kind.AcceptOnlyFromAmong(Boxes, Masks, Keypoints);
        Option<string?> sigmas = new("--sigmas")
        {
            Description = "OKS sigma of each keypoint, separated by commas; by default COCO's 17.",
            HelpName = "LIST",
        };
        Option<FileInfo?> json = CommonOptions.Json();
        CommandWithExamples command = new("coco-eval", "Evaluates detections by COCO's rules, with the same results as pycocotools.",
            "vision coco-eval --gt instances_val2017.json --dt results.json --iou-type bbox --json metrics.json",
            "vision coco-eval --gt person_keypoints_val2017.json --dt results.json --iou-type keypoints")
        {
            truth.AcceptExistingOnly(), results.AcceptExistingOnly(), kind, sigmas, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(truth).FullName, parsed.GetRequiredValue(results).FullName, parsed.GetRequiredValue(kind),
            Numbers(parsed.GetValue(sigmas)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string truth, string results, string kind, double[]? sigmas, FileInfo? json)
    {
        if (sigmas is not null && kind != Keypoints)
            throw new InputException($"--sigmas is for --iou-type {Keypoints}; leave it out for {kind}.");
        EvaluationSet set = kind switch
        {
            Masks => CocoFiles.ReadMasks(truth, results),
            Keypoints => CocoFiles.ReadKeypoints(truth, results, sigmas),
            _ => CocoFiles.ReadBoxes(truth, results),
        };
        CocoMetrics metrics = CocoEvaluator.Evaluate(set, kind == Keypoints ? CocoRules.Keypoints : CocoRules.Boxes);
        MetricsTable.Write(metrics);
        JsonFile.Write(json, metrics.ToJson());
        return 0;
    }

    private static double[]? Numbers(string? list) => list is null ? null : [.. list.Split(',').Select(text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new InputException($"--sigmas has '{text}'; expected numbers above 0 separated by commas, such as 0.026,0.025."))];
}
