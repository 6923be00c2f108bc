using System.CommandLine;
using Vision.Cli.Output;
using Vision.Cli.Prediction;
using Vision.Data;
using Vision.Detection;

namespace Vision.Cli.Commands;

/// <summary><c>vision predict</c>: finds objects in images, videos and what a camera sees.</summary>
internal static class PredictCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<FileInfo> weights = CommonOptions.Weights(required: true, "The trained model: safetensors, or torchvision's .pth.");
        Option<string> source = new("--source") { Description = "An image, a folder of images, a video, or the number of a camera.", HelpName = "IMAGE|DIR|VIDEO|CAMERA", Required = true };
        Option<float> score = new("--score") { Description = "The least score of what is shown and written, 0 to 1.", DefaultValueFactory = _ => 0.5f };
        Option<DirectoryInfo> output = new("--out") { Description = "The folder for annotated images and videos.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo("predictions") };
        Option<FileInfo?> json = CommonOptions.Json();
        Option<string> device = CommonOptions.Device();
        CommandWithExamples command = new("predict", "Finds objects in images and videos, draws them, and writes them as JSON.",
            "vision predict fasterrcnn_resnet50_fpn --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --source photo.jpg",
            "vision predict fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --source street.mp4 --out found --json found/street.json")
        {
            model, backbone, weights, source, score, output, json, device,
        };
        command.SetAction(parsed =>
        {
            float threshold = parsed.GetValue(score);
            if (threshold is not (>= 0 and <= 1)) throw new InputException($"--score is {threshold}; it lies between 0 and 1.");
            PredictionSource media = PredictionSource.Of(parsed.GetRequiredValue(source));
            DirectoryInfo folder = parsed.GetRequiredValue(output);
            media.RequireOther(folder);
            using TrainedDetector detector = TrainedDetector.Load(
                parsed.GetRequiredValue(weights).ToString(), parsed.GetRequiredValue(model), parsed.GetValue(backbone), ComputeDevice.Named(parsed.GetRequiredValue(device)));
            using PredictionFile? file = parsed.GetValue(json) is { } path ? new(path.FullName, detector.Categories) : null;
            using Interruption interruption = new();
            Predictor predictor = new(detector, threshold, folder.FullName, file);
            int skipped = media switch
            {
                { Images: { } images } => predictor.Images(images, interruption.Token),
                { Camera: { } camera } => predictor.Camera(camera, interruption.Token),
                _ => predictor.Video(media.Path, interruption.Token),
            };
            file?.Complete();
            // What was left out is a mistake in what was given; the rest is there all the same.
            return skipped == 0 ? 0 : 2;
        });
        return command;
    }
}
