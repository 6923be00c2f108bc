using System.CommandLine;
using Vision.Classification;
using Vision.Cli.Exporting;
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
                "size, less exact. With --verify, the file stays only if it is faster here, and loses less than a point of accuracy, " +
                "mIoU or AP.",
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
            if (Directory.Exists(path)) throw new InputException($"{output.Name} {path} is a folder; give the name of a file in it.");
            if (!parsed.GetValue(overwrite) && StagedModel.Files(path).FirstOrDefault(File.Exists) is { } existing)
                throw new InputException($"{existing} exists: choose another name, or replace it with {overwrite.Name}.");
            string? calibration = parsed.GetValue(calibrate)?.ToString();
            if (parsed.GetValue(half) && parsed.GetValue(int8))
                throw new InputException($"{half.Name} and {int8.Name} exclude each other: leave one out.");
            if (parsed.GetValue(int8) != calibration is not null)
                throw new InputException($"{int8.Name} and {calibrate.Name} belong together: give both, or none.");
            ExportOptions options = new()
            {
                Precision = parsed.GetValue(half) ? ExportPrecision.Half
                    : calibration is not null ? ExportPrecision.Int8 : ExportPrecision.Float32,
                Calibration = calibration,
            };
            using Interruption interruption = new();
            string file = WeightsArgument.Resolve(
                parsed.GetValue(weights), name, parsed.GetValue(backbone), cancellation: interruption.Token)!;
            ModelExport export = new(path, options, kind, parsed.GetValue(verify)?.ToString(), interruption.Token);
            try
            {
                switch (kind)
                {
                    case ModelKind.Classifier:
                        Write(TrainedClassifier.Load(file, name), export);
                        break;
                    case ModelKind.Segmenter:
                        Write(TrainedSegmenter.Load(file, name, parsed.GetValue(backbone)), export);
                        break;
                    default:
                        Write(TrainedDetector.Load(file, name, parsed.GetValue(backbone)), export);
                        break;
                }
                return 0;
            }
            catch (NotSupportedException e)
            {
                throw new InputException($"{name} cannot be exported: {e.Message}", e);
            }
        });
        return command;
    }

    private static void Write(TrainedClassifier network, ModelExport export)
    {
        using TrainedClassifier owned = network;
        export.Run<ImageClassifier>(network, (path, options) => Exporter.ToOnnx(network, path, options),
            file => OnnxClassifier.Load(file),
            data => Directory.EnumerateFiles(data).Any(ImageFile.HasImageName) ? [] : ClassificationReader.Splits(data),
            OnnxVerification.Run,
            (one, other, data, split, progress, cancellation) => OnnxVerification.Run(one, other,
                ClassificationReader.Read(data, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }

    private static void Write(TrainedSegmenter network, ModelExport export)
    {
        using TrainedSegmenter owned = network;
        export.Run<ImageSegmenter>(network, (path, options) => Exporter.ToOnnx(network, path, options),
            file => OnnxSegmenter.Load(file),
            data => SegmentationReader.CanRead(data) ? SegmentationReader.Splits(data) : [],
            OnnxVerification.Run,
            (one, other, data, split, progress, cancellation) => OnnxVerification.Run(one, other,
                SegmentationReader.Read(data, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }

    private static void Write(TrainedDetector network, ModelExport export)
    {
        using TrainedDetector owned = network;
        export.Run<ObjectDetector>(network, (path, options) => Exporter.ToOnnx(network, path, options),
            file => OnnxDetector.Load(file),
            data => DetectionReader.CanRead(data) ? DetectionReader.Splits(data) : [],
            OnnxVerification.Run,
            (one, other, data, split, progress, cancellation) => OnnxVerification.Run(one, other,
                DetectionReader.Read(data, DatasetFormat.Auto, split, network.Categories), progress, cancellation));
    }
}
