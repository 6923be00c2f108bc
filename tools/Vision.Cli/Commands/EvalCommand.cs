using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenCvSharp;
using Spectre.Console;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Cli.Prediction;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using Vision.Segmentation;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision eval</c>: evaluates a trained model on a data set.</summary>
internal static class EvalCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.ModelOrFile();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<string> weights = CommonOptions.Weights(required: false,
            "The trained model: safetensors, or torchvision's .pth; or published weights by name, such as imagenet or coco.");
        Option<DirectoryInfo> data = CommonOptions.Data();
        Option<string> format = CommonOptions.DataFormat();
        Option<string?> split =
            new("--split") { Description = "The split to evaluate on; by default the one called val, or else test.", HelpName = "NAME" };
        Option<string?> voc = new("--voc-rules") { Description = "Also evaluate boxes by Pascal VOC's rules of that year." };
        voc.AcceptOnlyFromAmong("2007", "2010");
        Option<FileInfo?> json = CommonOptions.Json();
        Option<string> engine = Engine.Option();
        Option<string> device = CommonOptions.Device();
        SegmentationViewOptions segmentation = new();
        Option<bool> sequence = new("--sequence")
        {
            Description = "Segmenters: the images are the frames of a video, in order: smooth them (--smooth), and measure how much " +
                "they flicker.",
        };
        CommandWithExamples command = new("eval",
            "Evaluates a trained model on a data set: a detector by COCO's rules, a segmenter by IoU, a classifier by accuracy.",
            "vision eval fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --data photos",
            "vision eval fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --data photos --split test --json metrics.json",
            "vision eval deeplabv3_resnet18 --weights runs/road/best.safetensors --data camvid --scales 0.75 1 1.25 --flip",
            "vision eval resnet18 --weights runs/birds/best.safetensors --data birds --json metrics.json",
            "vision eval birds.onnx --data birds")
        {
            model, backbone, weights, data, format, split, voc, json, engine, device,
        };
        foreach (Option option in segmentation.All.Append(sequence)) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(data).ToString();
            ModelChoice choice = ModelChoice.Of(parsed, model, weights, backbone, device, Engine.Of(parsed, engine));
            choice.Refuse(parsed, [voc], ModelKind.Detector);
            choice.Refuse(parsed, segmentation.All.Append(sequence), ModelKind.Segmenter);
            DatasetFormat layout = Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);
            string? chosen = parsed.GetValue(split);
            using Interruption interruption = new();
            if (choice.Kind == ModelKind.Classifier)
            {
                using ImageClassifier classifier = choice.Classifier(interruption.Token);
                chosen ??= EvaluationSplit.Usual(ClassificationReader.Splits(folder, layout), folder, "name one with --split");
                return Run(classifier, ClassificationReader.Read(folder, layout, chosen, classifier.Categories),
                    parsed.GetValue(json), interruption.Token);
            }
            if (choice.Kind == ModelKind.Segmenter)
            {
                using ImageSegmenter segmenter = choice.Segmenter(interruption.Token);
                chosen ??= EvaluationSplit.Usual(SegmentationReader.Splits(folder, layout), folder, "name one with --split");
                segmenter.View = segmentation.View(parsed, segmenter.View);
                using SegmentationPostprocessor decision = segmentation.Decision(parsed, parsed.GetValue(sequence));
                return Run(segmenter, SegmentationReader.Read(folder, layout, chosen, segmenter.Categories),
                    decision, parsed.GetValue(json), interruption.Token);
            }
            using ObjectDetector detector = choice.Detector(interruption.Token);
            chosen ??= EvaluationSplit.Usual(DetectionReader.Splits(folder, layout), folder, "name one with --split");
            VocRules? rules = parsed.GetValue(voc) is { } year ? (VocRules)int.Parse(year) : null;
            return Run(detector, DetectionReader.Read(folder, layout, chosen, detector.Categories),
                rules, parsed.GetValue(json), interruption.Token);
        });
        return command;
    }

    private static int Run(ObjectDetector detector, DetectionDataset dataset, VocRules? rules, FileInfo? json,
        CancellationToken cancellation)
    {
        Announce($"{dataset.Name}: {dataset.Samples.Count} images, {dataset.Samples.Sum(sample => sample.Objects.Count)} objects",
            dataset.Report);
        DetectionResults results = ProgressBar.Show("evaluating", report =>
            DetectorEvaluation.Collect(detector.Detect, dataset, report, cancellation));
        DetectionMetrics metrics = results.Evaluate();
        MetricsTable.Write(metrics);
        JsonObject figures = metrics.ToJson();
        if (rules is { } chosen)
        {
            VocMetrics voc = results.EvaluateVoc(chosen);
            MetricsTable.Write(voc);
            figures["voc"] = voc.ToJson();
        }
        JsonFile.Write(json, figures);
        return 0;
    }

    private static int Run(ImageClassifier classifier, ClassificationDataset dataset, FileInfo? json, CancellationToken cancellation)
    {
        Announce($"{dataset.Name}: {dataset.Samples.Count} images of {dataset.Categories.Count} classes", dataset.Report);
        ClassificationMetrics metrics = ProgressBar.Show("evaluating", report =>
            classifier.Evaluate(dataset, report, cancellation));
        MetricsTable.Write(metrics);
        JsonFile.Write(json, metrics.ToJson());
        return 0;
    }

    private static int Run(ImageSegmenter segmenter, SegmentationDataset dataset, SegmentationPostprocessor decision, FileInfo? json,
        CancellationToken cancellation)
    {
        Announce($"{dataset.Name}: {dataset.Samples.Count} images of {dataset.Categories.Count} classes", dataset.Report);
        SegmentationMetrics metrics = ProgressBar.Show("evaluating", report =>
            segmenter.Evaluate(dataset, report, cancellation, image =>
            {
                using Mat frame = ImageTensor.ToMat(image);
                SegmentationMap map = decision.Of(segmenter, frame);
                decision.Measure(frame, map);
                return map;
            }));
        MetricsTable.Write(metrics);
        JsonObject figures = metrics.ToJson();
        if (decision.Flicker is { } flicker)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"flicker: {100 * flicker:0.00}% of the static pixels change class from frame to frame"));
            figures["metrics"]!["flicker"] = flicker;
        }
        JsonFile.Write(json, figures);
        return 0;
    }

    private static void Announce(string what, DatasetReport report)
    {
        AnsiConsole.WriteLine(what);
        if (report.Summary is { Length: > 0 } summary) AnsiConsole.WriteLine($"  note: {summary}");
    }
}
