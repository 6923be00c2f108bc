using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Onnx;
using Vision.Segmentation;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision export</c>: writes a trained model as an ONNX file, and compares both.</summary>
internal static class ExportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> backbone = CommonOptions.Backbone();
        Option<string> weights = CommonOptions.Weights(required: true,
            "The trained model: safetensors, or torchvision's .pth; or published weights by name, such as imagenet or coco.");
        Option<FileInfo> output = new("--out")
        {
            Description = "The file to write; its name ends in .onnx.", HelpName = "FILE.onnx", Required = true,
        };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace the file if it exists." };
        Option<DirectoryInfo> verify = new("--verify")
        {
            Description = "Run the network and the file on these images, and print the largest difference; if they are annotated, also " +
                "the accuracy, mIoU or AP of both.",
            HelpName = "DIR",
        };
        CommandWithExamples command = new("export",
            "Writes a trained classifier or segmenter as an ONNX file for other programs, complete with normalization and a description " +
                "of its classes, input and outputs. \"vision predict FILE.onnx\" and \"vision eval FILE.onnx\" run it.",
            "vision export resnet18 --weights runs/birds/best.safetensors --out birds.onnx",
            "vision export deeplabv3_resnet18 --weights runs/road/best.safetensors --out road.onnx --verify camvid")
        {
            model, backbone, weights, output, verify.AcceptExistingOnly(), overwrite,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(model), path = parsed.GetRequiredValue(output).ToString();
            ModelKind kind = ModelKinds.Of(name);
            CommonOptions.Refuse(parsed, name, [backbone], ModelKind.Detector, ModelKind.Segmenter);
            if (!ModelChoice.IsFile(path))
                throw new InputException($"{output.Name} {path}: the name of an exported file ends in .onnx; add it.");
            ExportOptions options = new() { Overwrite = parsed.GetValue(overwrite) };
            string? images = parsed.GetValue(verify)?.ToString();
            using Interruption interruption = new();
            string file = WeightsArgument.Resolve(
                parsed.GetValue(weights), name, parsed.GetValue(backbone), cancellation: interruption.Token)!;
            OnnxComparison? comparison = kind switch
            {
                ModelKind.Classifier => Classifier(TrainedClassifier.Load(file, name), path, options, images, interruption.Token),
                ModelKind.Segmenter => Segmenter(
                    TrainedSegmenter.Load(file, name, parsed.GetValue(backbone)), path, options, images, interruption.Token),
                _ => throw new InputException($"{name} is a detector: only classifiers and segmenters can be exported so far."),
            };
            if (comparison is not null) ComparisonText.Write(comparison, kind);
            return 0;
        });
        return command;
    }

    private static OnnxComparison? Classifier(TrainedClassifier network, string path, ExportOptions options, string? folder,
        CancellationToken cancellation)
    {
        using TrainedClassifier owned = network;
        Exporter.ToOnnx(network, path, options);
        using OnnxClassifier file = OnnxClassifier.Load(path);
        Announce(path, file.Contract);
        if (folder is null) return null;
        if (Directory.EnumerateFiles(folder).Any(ImageFile.HasImageName)) return Shown(progress =>
            OnnxVerification.Run(network, file, ImageFile.InFolder(folder), progress, cancellation));
        string split = EvaluationSplit.Usual(ClassificationReader.Splits(folder), folder);
        ClassificationDataset data = ClassificationReader.Read(folder, DatasetFormat.Auto, split, network.Categories);
        return Shown(progress => OnnxVerification.Run(network, file, data, progress, cancellation));
    }

    private static OnnxComparison? Segmenter(TrainedSegmenter network, string path, ExportOptions options, string? folder,
        CancellationToken cancellation)
    {
        using TrainedSegmenter owned = network;
        Exporter.ToOnnx(network, path, options);
        using OnnxSegmenter file = OnnxSegmenter.Load(path);
        Announce(path, file.Contract);
        if (folder is null) return null;
        if (!SegmentationReader.CanRead(folder)) return Shown(progress =>
            OnnxVerification.Run(network, file, ImageFile.InFolder(folder), progress, cancellation));
        string split = EvaluationSplit.Usual(SegmentationReader.Splits(folder), folder);
        SegmentationDataset data = SegmentationReader.Read(folder, DatasetFormat.Auto, split, network.Categories);
        return Shown(progress => OnnxVerification.Run(network, file, data, progress, cancellation));
    }

    private static void Announce(string path, OnnxContract contract) => AnsiConsole.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{contract.Model} → {path}, {new FileInfo(path).Length / 1e6:0.0} MB; ") +
        "ONNX Runtime computes the fingerprint that the network computed");

    private static OnnxComparison Shown(Func<Action<int, int>, OnnxComparison> run) => ProgressBar.Show("verifying", run);
}
