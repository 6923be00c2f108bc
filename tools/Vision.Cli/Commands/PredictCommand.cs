using System.CommandLine;
using OpenCvSharp;
using Spectre.Console;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Cli.Prediction;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Training;
using static TorchSharp.torch;

namespace Vision.Cli.Commands;

/// <summary><c>vision predict</c>: detects objects in images, videos and camera streams, segments them, or classifies them.</summary>
internal static class PredictCommand
{
    private const string Own = "own", Coco = "coco";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.ModelOrFile();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<string> weights = CommonOptions.Weights(required: false,
            "The trained model: safetensors, or torchvision's .pth; or published weights by name, such as imagenet or coco.");
        Option<string> source = new("--source")
        {
            Description = "Image, folder of images, video, or camera number.",
            HelpName = "IMAGE|DIR|VIDEO|CAMERA", Required = true,
        };
        Option<float?> score = new("--score")
        {
            Description =
                "Minimum score of what is drawn and written, 0 to 1. By default 0.5 for detectors; for classifiers the five most " +
                "probable classes, whatever their scores.",
            HelpName = "X",
        };
        Option<bool> track = new("--track")
        {
            Description = "Track objects through a video or camera stream: each gets a number, a color and a trail, and its number " +
                "is in the JSON.",
        };
        Option<bool> heatMap = new("--heat-map")
        {
            Description = "Overlay a heat map: the evidence for a classifier's most probable class (Grad-CAM), or a two-stage detector's " +
                "objectness.",
        };
        Option<bool> live = new("--show")
        {
            Description = "Show a video or camera stream in a window, frame by frame; q, Escape or closing it ends the video there.",
        };
        Option<DirectoryInfo?> output = new("--out")
        {
            Description = "The folder for annotated images and videos; by default predictions/MODEL-1, or the next free number.",
            HelpName = "DIR",
        };
        Option<FileInfo?> json = CommonOptions.Json();
        Option<string> format = new("--format")
        {
            Description = "Detectors: the format of --json: own, or coco for a COCO results file, which coco-eval and pycocotools read " +
                "and which contains all detections unless --score is given.",
            DefaultValueFactory = _ => Own,
        };
        format.AcceptOnlyFromAmong(Own, Coco);
        Option<FileInfo> truth = new("--gt")
        {
            Description = "With --format coco: COCO annotations from which images get their ids by file name; " +
                "by default the number at the end of the name, or else the position in the folder, starting at 1.",
            HelpName = "FILE",
        };
        SegmentationViewOptions segmentation = new();
        Option<string> engine = Engine.Option();
        Option<string> device = CommonOptions.Device();
        CommandWithExamples command = new("predict",
            "Detects objects in images and videos, or classifies whole images or pixels; draws the result " +
                "and writes it as JSON or, for pixels, as index PNGs.",
            "vision predict fasterrcnn_resnet50_fpn --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --source photo.jpg",
            "vision predict fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --source street.mp4 --out found " +
                "--json found/street.json",
            "vision predict deeplabv3_resnet18 --weights runs/road/best.safetensors --source road.mp4",
            "vision predict maskrcnn_resnet50_fpn --weights coco --source val2017 --json found.json --format coco --gt instances.json",
            "vision predict resnet50 --weights imagenet --source photos --json classes.json",
            "vision predict fasterrcnn_resnet50_fpn --weights coco --source street.mp4 --track --heat-map",
            "vision predict cells.onnx --source photo.jpg --json found.json")
        {
            model, backbone, weights, source, score, track, heatMap, live, output, json, format, truth.AcceptExistingOnly(), engine,
            device,
        };
        foreach (Option option in segmentation.All) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(score) is { } given and not (>= 0 and <= 1))
                throw new InputException($"--score is {given}; it must be between 0 and 1.");
            ModelChoice choice = ModelChoice.Of(parsed, model, weights, backbone, device, Engine.Of(parsed, engine));
            choice.Refuse(parsed, [track, format, truth], ModelKind.Detector);
            choice.Refuse(parsed, [score, heatMap, json], ModelKind.Detector, ModelKind.Classifier);
            choice.Refuse(parsed, segmentation.All, ModelKind.Segmenter);
            PredictionSource media = PredictionSource.Of(parsed.GetRequiredValue(source));
            // Compiling takes longer than one prediction.
            if (media.Images is { Count: 1 }) choice.Engine = choice.Engine.ForLittle();
            bool tracks = parsed.GetValue(track), shown = parsed.GetValue(heatMap), isSequence = media.Images is null;
            if (tracks) media.RequireFrames("--track follows objects through");
            if (parsed.GetValue(live)) media.RequireFrames("--show shows");
            CocoImageIds? ids = parsed.GetValue(format) == Coco ? IdsOf(media, parsed.GetValue(json), parsed.GetValue(truth)) : null;
            if (ids is null && parsed.GetValue(truth) is not null)
                throw new InputException("--gt provides the image ids for --format coco: use both, or leave it out.");
            if (parsed.GetValue(output) is { } named) media.RequireOther(named);
            using Interruption interruption = new();
            using ImageClassifier? classifier = choice.Kind == ModelKind.Classifier ? choice.Classifier(interruption.Token) : null;
            using ImageSegmenter? segmenter = choice.Kind == ModelKind.Segmenter ? choice.Segmenter(interruption.Token) : null;
            using ObjectDetector? detector = choice.Kind == ModelKind.Detector ? choice.Detector(interruption.Token) : null;
            Func<Mat, Tensor>? evidence = !shown ? null
                : classifier is not null ? HeatMapOf(classifier) : HeatMapOf(detector!, choice.Name);
            using NumberedFolder? numbered = parsed.GetValue(output) is null ? NumberedFolder.Create("predictions", choice.Name) : null;
            string folder = Path.GetFullPath(numbered?.Path ?? parsed.GetValue(output)!.FullName);
            using PredictionFile? results = parsed.GetValue(json) is not { } path ? null
                : new(path.FullName, classifier?.Categories ?? detector!.Categories, ids is null ? null : ids.Of);
            if (detector is not null && (parsed.GetValue(score) ?? (ids is null ? null : 0)) is { } least) detector.ScoreThreshold = least;
            if (segmenter is not null) segmenter.View = segmentation.View(parsed, segmenter.View);
            IImagePredictor looker = classifier is not null ? new ClassPredictor(classifier, parsed.GetValue(score) ?? 0, results, evidence)
                : segmenter is not null ? new PixelPredictor(segmenter, folder, isSequence ? $"{media.Name}-areas.csv" : "areas.csv",
                    segmentation.Decision(parsed, isSequence))
                : new ObjectPredictor(detector!, results, evidence, tracks ? new IouTracker() : null);
            using IDisposable? files = looker as IDisposable;
            Predictor predictor = new(looker, folder, parsed.GetValue(live));
            int skipped = media.Images is { } images
                ? predictor.Images(images, interruption.Token)
                : predictor.Frames(media, interruption.Token);
            results?.Complete();
            if (looker.Complete() is { } summary) AnsiConsole.WriteLine(summary);
            // Skipped images are an error in the input; the other results are still written.
            return skipped == 0 ? 0 : 2;
        });
        return command;
    }

    private static Func<Mat, Tensor> HeatMapOf(ImageClassifier classifier) =>
        classifier is TrainedClassifier trained ? trained.ActivationMap : throw NeedsNetwork();

    private static Func<Mat, Tensor> HeatMapOf(ObjectDetector detector, string name) => detector switch
    {
        TrainedDetector { Model: Rcnn } trained => trained.Objectness,
        TrainedDetector => throw new InputException(
            "--heat-map shows the class of a classifier (resnet50, …) or the objectness of a two-stage detector (fasterrcnn_…, " +
            $"maskrcnn_…, keypointrcnn_…, cascade_…), and {name} is neither: leave it out."),
        _ => throw NeedsNetwork(),
    };

    private static InputException NeedsNetwork() =>
        new("--heat-map looks inside the network, which an exported file does not allow: name the model and its --weights, or leave it " +
            "out.");

    private static CocoImageIds IdsOf(PredictionSource media, FileInfo? json, FileInfo? truth)
    {
        if (json is null) throw new InputException("--format coco is the format of the --json file: add --json FILE.");
        IReadOnlyList<string> images = media.Images
            ?? throw new InputException($"--format coco is for images, but --source {media.Path} is a video or a camera: leave it out.");
        return new(images, truth?.FullName);
    }
}
