using System.CommandLine;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector, a segmenter or a classifier on a folder of images.</summary>
internal sealed class TrainCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "train";

    private readonly Argument<string> model = CommonOptions.Model();
    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> trainSplit =
        new("--train-split") { Description = "The split to train on; by default the one called train.", HelpName = "NAME" };
    private readonly Option<string?> validationSplit = new("--val-split")
    {
        Description = "The split to validate on; by default the one called val, or else a tenth of the training images is held out.",
        HelpName = "NAME",
    };
    private readonly Option<string?> backbone = CommonOptions.Backbone();
    private readonly Option<string> weights = CommonOptions.Weights(required: false,
        "Weights to start from, a file or a name such as imagenet or coco: those of the model, or of a classifier for the " +
            "backbone. By default training starts from scratch.");
    private readonly Option<int?> minSize = CommonOptions.Count("--min-size",
        "Detectors and segmenters: the shorter side that images are resized to, in pixels; by default that of the published model, " +
            "mostly 800 and 520. Smaller is faster, but misses small objects.");
    private readonly Option<bool> noFlip =
        new("--no-flip") { Description = "Do not flip half of the training images horizontally, for data in which left and right matter." };
    private readonly Option<double?> repeat = new("--repeat-threshold")
    {
        Description =
            "Detectors and segmenters: show images more often if they have a class that less than this fraction of all images has, 0 to 1.",
        HelpName = "X",
    };
    private readonly Option<double> jitter = new("--color-jitter")
    {
        Description = "Strength of random changes in brightness, contrast and saturation of training images, 0 to 1.",
        HelpName = "X",
    };
    private readonly RecipeOptions recipe = new();
    private readonly DetectionOptions detection = new();
    private readonly ClassificationOptions classification = new();
    private readonly SegmentationOptions segmentation = new();
    private readonly Option<string> device = CommonOptions.Device();
    private readonly Option<int> seed =
        new("--seed") { Description = "Seed of the random weights, the image order and the augmentation.", HelpName = "N" };
    private readonly Option<DirectoryInfo?> output =
        new("--out") { Description = "The folder of the run; by default runs/MODEL-1, or the next free number.", HelpName = "DIR" };
    private readonly Option<bool> resume = new("--resume")
    {
        Description = "Continue the run in --out (by default the latest of this model) exactly where it stopped; without a checkpoint, " +
            "from the beginning.",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        TrainCommand self = new();
        CommandWithExamples command = new(Name,
            "Trains a detector on annotated images (COCO, Pascal VOC or YOLO), a segmenter on images with masks, " +
                "or a classifier on one folder of images per class (or CIFAR-10).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train deeplabv3_resnet18 --data camvid --min-size 240 --output-stride 16",
            "vision train resnet18 --data birds --weights imagenet --backbone-lr-factor 0.1",
            "vision train fasterrcnn_resnet18_fpn --data photos --time-budget 2h --schedule cosine --ema 0.9998",
            "mpirun -n 4 vision train fasterrcnn_resnet18_fpn --data photos       (four processes, also on several machines)",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            self.model, self.data, self.format, self.trainSplit, self.validationSplit, self.backbone, self.weights,
        };
        Option[] shared = [self.minSize, self.repeat, self.noFlip, self.jitter, self.device, self.seed, self.output, self.resume];
        foreach (Option option in
            (Option[])[.. self.recipe.All, .. shared, .. self.detection.All, .. self.segmentation.All, .. self.classification.All])
            command.Options.Add(option);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(model);
        CommonOptions.Refuse(parsed, name, detection.All, ModelKind.Detector);
        CommonOptions.Refuse(parsed, name, [backbone, minSize, repeat], ModelKind.Detector, ModelKind.Segmenter);
        CommonOptions.Refuse(parsed, name, classification.All, ModelKind.Classifier);
        CommonOptions.Refuse(parsed, name, segmentation.All, ModelKind.Segmenter);
        using Interruption interruption = new();
        bool finished = ModelKinds.Of(name) switch
        {
            ModelKind.Classifier => RunClassifier(parsed, name, interruption.Token),
            ModelKind.Segmenter => RunSegmenter(parsed, name, interruption.Token),
            _ => RunDetector(parsed, name, interruption.Token),
        };
        return finished ? 0 : Interruption.ExitCode;
    }

    private bool RunDetector(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DataSplits<DetectionDataset> splits =
            DetectionData.Open(Folder(parsed), Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        DetectorTrainingOptions options =
            detection.Training(parsed) with { Backbone = parsed.GetValue(backbone), MinSize = parsed.GetValue(minSize) };
        using DetectorTraining training = DetectorTraining.Prepare(name, splits, Shared(parsed, name, options, cancellation), cancellation);
        return Finished(TrainingShow.Run(training, cancellation), training.Files);
    }

    private bool RunSegmenter(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DataSplits<SegmentationDataset> splits =
            SegmentationData.Open(Folder(parsed), Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        SegmenterTrainingOptions options = segmentation.Training(parsed, splits.Train) with { Backbone = parsed.GetValue(backbone) };
        if (parsed.GetValue(minSize) is { } side) options = options with { MinSize = side };
        using SegmenterTraining training =
            SegmenterTraining.Prepare(name, splits, Shared(parsed, name, options, cancellation), cancellation);
        return Finished(TrainingShow.Run(training, cancellation), training.Files);
    }

    private bool RunClassifier(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DataSplits<ClassificationDataset> splits =
            ClassificationData.Open(Folder(parsed), Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        using ClassifierTraining training =
            ClassifierTraining.Prepare(name, splits, Shared(parsed, name, classification.Training(parsed), cancellation), cancellation);
        return Finished(TrainingShow.Run(training, cancellation), training.Files);
    }

    private static bool Finished(bool finished, RunFolder run)
    {
        if (!finished) AnsiConsole.WriteLine($"Stopped. The same command with --resume --out {run.Folder} continues from here.");
        return finished;
    }

    /// <summary>Adds the options that all kinds of models share.</summary>
    private TOptions Shared<TOptions>(ParseResult parsed, string name, TOptions options, CancellationToken cancellation)
        where TOptions : TrainingOptions
    {
        if (parsed.GetValue(repeat) is { } threshold and not (> 0 and <= 1))
            throw new InputException($"--repeat-threshold is {threshold}; it must be above 0, and at most 1.");
        return recipe.AddTo(options, parsed) with
        {
            Folder = parsed.GetValue(output)?.ToString(),
            Resume = parsed.GetValue(resume),
            Weights = WeightsArgument.Resolve(parsed.GetValue(weights), name, parsed.GetValue(backbone), toStartFrom: true, cancellation),
            Flip = !parsed.GetValue(noFlip),
            ColorJitter = parsed.GetValue(jitter),
            RepeatThreshold = parsed.GetValue(repeat),
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
            Seed = parsed.GetValue(seed),
        };
    }

    private DatasetFormat Format(ParseResult parsed) => Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);

    private string Folder(ParseResult parsed) => parsed.GetRequiredValue(data).FullName;
}
