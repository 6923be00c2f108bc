using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
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
        Option<bool> half = new("--half")
        {
            Description = "Write weights of 16 bits: half the size, a little less exact; for GPUs and small disks.",
        };
        Option<bool> int8 = new("--int8")
        {
            Description = "Compute with integers of 8 bits, whose ranges are measured on the images of --calibrate: a quarter of the " +
                "size, less exact. --verify says how much less.",
        };
        Option<DirectoryInfo> calibrate = new("--calibrate")
        {
            Description = "With --int8: images like those that the network will see.", HelpName = "DIR",
        };
        Option<DirectoryInfo> verify = new("--verify")
        {
            Description = "Run the network and the file on these images, and print the largest difference; if they are annotated, also " +
                "the accuracy, mIoU or AP of both, and their time for an image.",
            HelpName = "DIR",
        };
        CommandWithExamples command = new("export",
            "Writes a trained model as an ONNX file for other programs. Preprocessing and the selection of boxes are inside, and a " +
                "description of its classes, input and outputs. \"vision predict FILE.onnx\" and \"vision eval FILE.onnx\" run it.",
            "vision export resnet18 --weights runs/birds/best.safetensors --out birds.onnx",
            "vision export fasterrcnn_resnet18_fpn --weights runs/cells/best.safetensors --out cells.onnx",
            "vision export deeplabv3_resnet18 --weights runs/road/best.safetensors --out road.onnx --verify camvid",
            "vision export resnet18 --weights imagenet --out small.onnx --int8 --calibrate photos --verify photos")
        {
            model, backbone, weights, output, half, int8, calibrate.AcceptExistingOnly(), verify.AcceptExistingOnly(), overwrite,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(model), path = parsed.GetRequiredValue(output).ToString();
            ModelKind kind = ModelKinds.Of(name);
            CommonOptions.Refuse(parsed, name, [backbone], ModelKind.Detector, ModelKind.Segmenter);
            if (!ModelChoice.IsFile(path))
                throw new InputException($"{output.Name} {path}: the name of an exported file ends in .onnx; add it.");
            if (!parsed.GetValue(overwrite) && File.Exists(path))
                throw new InputException($"{path} exists: choose another name, or replace it with {overwrite.Name}.");
            string? calibration = parsed.GetValue(calibrate)?.ToString();
            if (parsed.GetValue(half) && parsed.GetValue(int8))
                throw new InputException($"{half.Name} and {int8.Name} exclude each other: leave one out.");
            if (parsed.GetValue(int8) != calibration is not null)
                throw new InputException($"{int8.Name} and {calibrate.Name} belong together: give both, or none.");
            ExportOptions options = new()
            {
                Overwrite = parsed.GetValue(overwrite),
                Precision = parsed.GetValue(half) ? ExportPrecision.Half
                    : calibration is not null ? ExportPrecision.Int8 : ExportPrecision.Float32,
                Calibration = calibration,
            };
            string? images = parsed.GetValue(verify)?.ToString();
            using Interruption interruption = new();
            string file = WeightsArgument.Resolve(
                parsed.GetValue(weights), name, parsed.GetValue(backbone), cancellation: interruption.Token)!;
            try
            {
                OnnxComparison? comparison = kind switch
                {
                    ModelKind.Classifier => Classifier(TrainedClassifier.Load(file, name), path, options, images, interruption.Token),
                    ModelKind.Segmenter =>
                        Segmenter(TrainedSegmenter.Load(file, name, parsed.GetValue(backbone)), path, options, images, interruption.Token),
                    _ => Detector(TrainedDetector.Load(file, name, parsed.GetValue(backbone)), path, options, images, interruption.Token),
                };
                if (comparison is not null) ComparisonText.Write(comparison, kind);
                return 0;
            }
            catch (NotSupportedException e)
            {
                throw new InputException($"{name} cannot be exported: {e.Message}", e);
            }
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
        return Verified(folder, data => !Directory.EnumerateFiles(data).Any(ImageFile.HasImageName),
            data => ClassificationReader.Splits(data),
            (images, progress) => OnnxVerification.Run(network, file, images, progress, cancellation),
            (split, progress) => OnnxVerification.Run(network, file,
                ClassificationReader.Read(folder!, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }

    private static OnnxComparison? Segmenter(TrainedSegmenter network, string path, ExportOptions options, string? folder,
        CancellationToken cancellation)
    {
        using TrainedSegmenter owned = network;
        Exporter.ToOnnx(network, path, options);
        using OnnxSegmenter file = OnnxSegmenter.Load(path);
        Announce(path, file.Contract);
        return Verified(folder, SegmentationReader.CanRead, data => SegmentationReader.Splits(data),
            (images, progress) => OnnxVerification.Run(network, file, images, progress, cancellation),
            (split, progress) => OnnxVerification.Run(network, file,
                SegmentationReader.Read(folder!, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }

    private static OnnxComparison? Detector(TrainedDetector network, string path, ExportOptions options, string? folder,
        CancellationToken cancellation)
    {
        using TrainedDetector owned = network;
        Exporter.ToOnnx(network, path, options);
        using OnnxDetector file = OnnxDetector.Load(path);
        Announce(path, file.Contract);
        return Verified(folder, DetectionReader.CanRead, data => DetectionReader.Splits(data),
            (images, progress) => OnnxVerification.Run(network, file, images, progress, cancellation),
            (split, progress) => OnnxVerification.Run(network, file,
                DetectionReader.Read(folder!, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }

    /// <summary>The comparison on a folder: by the annotations of its usual split if it is a data set, otherwise on its images; null
    /// without a folder.</summary>
    private static OnnxComparison? Verified(string? folder, Func<string, bool> isDataset, Func<string, IReadOnlyList<string>> splits,
        Func<IReadOnlyList<string>, Action<int, int>, OnnxComparison> onImages, Func<string, Action<int, int>, OnnxComparison> onSplit)
    {
        if (folder is null) return null;
        if (!isDataset(folder)) return ProgressBar.Show("verifying", progress => onImages(ImageFile.InFolder(folder), progress));
        string split = EvaluationSplit.Usual(splits(folder), folder);
        return ProgressBar.Show("verifying", progress => onSplit(split, progress));
    }

    private static void Announce(string path, OnnxContract contract) => AnsiConsole.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{contract.Model} → {path}, {new FileInfo(path).Length / 1e6:0.0} MB; ") +
        "checked in ONNX Runtime");
}
