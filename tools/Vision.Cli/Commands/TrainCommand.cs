using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Vision.Backbones;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector, a segmenter or a classifier on a folder of images.</summary>
internal sealed class TrainCommand
{
    private static readonly TrainingDefaults forDetectors = TrainingDefaults.Detector, forSegmenters = TrainingDefaults.Segmenter,
        forClassifiers = TrainingDefaults.Classifier;

    private readonly Argument<string> model = CommonOptions.Model();
    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> trainSplit =
        new("--train-split") { Description = "The split to train on; by default the one called train.", HelpName = "NAME" };
    private readonly Option<string?> validationSplit =
        new("--val-split") { Description =
            "The split to measure on; by default the one called val, or a tenth held out of the training images.", HelpName = "NAME" };
    private readonly Option<string?> backbone = CommonOptions.Backbone();
    private readonly Option<string> weights = CommonOptions.Weights(required: false, "Weights to start from, a file or a name such as " +
        "imagenet or coco: a detector's, or a classifier's for itself or for the backbone. Without them training starts from scratch.");
    private readonly Option<int> epochs = CommonOptions.Count("--epochs", 12, "How many times to go through the training images.");
    private readonly Option<int?> batchSize =
        CommonOptions.Count("--batch-size", $"Images in a batch; by default {forDetectors.BatchSize} for detectors, " +
        $"{forSegmenters.BatchSize} for segmenters and {forClassifiers.BatchSize} for classifiers.");
    private readonly Option<double?> rate =
        new("--lr") { Description = "The learning rate after warm-up; it should grow and shrink with the batch size. By default " +
        $"{forDetectors.LearningRate} for detectors, {forSegmenters.LearningRate} for segmenters, {forClassifiers.LearningRate} for " +
        "classifiers and 0.0001 for detr.", HelpName = "X" };
    private readonly Option<double> backboneFactor =
        new("--backbone-lr-factor") { Description = "What the rate is multiplied with before the last layers, above 0: 0.1 suits good " +
        "weights under a fresh last layer.", HelpName = "X", DefaultValueFactory = _ => 1 };
    private readonly Option<OptimizerKind?> optimizer =
        new("--optimizer") { Description =
            "How gradients become steps: by default sgd, and adamw for detr. adamw wants a rate of about 0.0001." };
    private readonly Option<ScheduleKind?> schedule =
        new("--schedule") { Description = "How the rate falls after warm-up: by default poly for segmenters, and multistep for others." };
    private readonly Option<int[]> milestones =
        new("--milestones") { Description = "Epochs after which the rate falls tenfold; by default two thirds and five sixths of all.",
            HelpName = "N N", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> warmup =
        new("--warmup") { Description = "Steps over which the rate rises at the beginning; by default a tenth of all, at most 1000.",
            HelpName = "N" };
    private readonly Option<double?> clip =
        new("--clip") { Description =
            "The largest norm of the gradients; longer ones are shortened. By default 0.1 for detr, and none for others.", HelpName = "X" };
    private readonly Option<int?> preciseNorm = CommonOptions.Count("--precise-bn",
        "Compute the statistics of batch norms anew over so many batches before each evaluation, which steadies small data's figures.");
    private readonly Option<int?> minSize =
        CommonOptions.Count("--min-size", "Detectors and segmenters: the shorter side that images are resized to, in pixels; by default " +
        "that of the published model, mostly 800 and 520. Smaller is faster, and blind to small objects.");
    private readonly Option<int?> maxSize =
        CommonOptions.Count("--max-size", "Detectors: the longer side that resizing does not exceed; by default that of the published " +
        "model, mostly 1333. SSD and YOLO see squares, of one side.");
    private readonly Option<int> deformable =
        new("--deformable-stages") { Description = "Detectors on ResNet-50 and larger: how many of the last stages get deformable " +
        "convolutions (DCNv2), which suit objects of many shapes; 3 as in the paper.", HelpName = "N" };
    private readonly Option<int?> roiSamples = CommonOptions.Count("--roi-samples", "Detectors of two stages: regions of an image that " +
        "the second stage is trained on, by default 512. Fewer are faster, masks above all, and enough where images show few objects.");
    private readonly Option<int?> queries =
        CommonOptions.Count("--queries",
            "detr: the most objects that can be found in an image, by default 100. Fewer learn much sooner where images show few.");
    private readonly Option<double?> dropout =
        new("--dropout") { Description = "detr: the rate of dropout in the transformer, 0 to 1, by default 0.1. 0 learns sooner, and by " +
        "heart where images are few.", HelpName = "X" };
    private readonly Option<bool> noFlip =
        new("--no-flip") { Description = "Do not mirror half of the training images, where left and right differ." };
    private readonly Option<AugmentationKind?> augment = new("--augment")
    {
        Description = "Detectors: how training images are changed. flip (by default) mirrors half of them; ssd, lsj (large-scale " +
            "jittering), mosaic, mixup and copy-paste (with segments) do more, for long trainings; none does nothing.",
        CustomParser = ParseAugment,
        HelpName = "copy-paste|flip|lsj|mixup|mosaic|none|ssd",
    };
    private readonly Option<double?> repeat =
        new("--repeat-threshold") { Description =
            "Detectors: show images of rare classes more often, those in a smaller part of the images than this, 0 to 1.", HelpName = "X" };
    private readonly Option<double> jitter =
        new("--color-jitter") { Description = "How far brightness, contrast and saturation of training images vary, 0 to 1.",
            HelpName = "X" };
    private readonly ClassificationOptions classification = new();
    private readonly SegmentationOptions segmentation = new();
    private readonly Option<string> device = CommonOptions.Device();
    private readonly Option<int> seed = new("--seed") { Description = "Another seed draws other weights, orders and changes of images.",
        HelpName = "N" };
    private readonly Option<DirectoryInfo?> output =
        new("--out") { Description = "The folder of the run; by default runs/MODEL-1, or the next number that is free.", HelpName = "DIR" };
    private readonly Option<bool> resume =
        new("--resume") { Description = "Go on exactly where the run in --out (by default the latest of this model) was stopped." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        TrainCommand self = new();
        CommandWithExamples command =
            new("train", "Trains a detector on annotated images (COCO, Pascal VOC or YOLO), a segmenter on images with masks, or a " +
            "classifier on a folder of images for each class (or CIFAR-10).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train deeplabv3_resnet18 --data camvid --min-size 240 --output-stride 16",
            "vision train resnet18 --data birds --weights imagenet --backbone-lr-factor 0.1",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            self.model, self.data, self.format, self.trainSplit, self.validationSplit, self.backbone, self.deformable, self.roiSamples,
                self.queries, self.dropout, self.weights, self.epochs, self.batchSize,
            self.rate, self.backboneFactor, self.optimizer, self.schedule, self.milestones, self.warmup, self.clip, self.preciseNorm,
            self.minSize, self.maxSize, self.augment, self.repeat, self.noFlip, self.jitter,
            self.device, self.seed, self.output, self.resume,
        };
        foreach (Option option in self.segmentation.All.Concat(self.classification.All)) command.Options.Add(option);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(model);
        CommonOptions.Refuse(parsed, name, [deformable, roiSamples, queries, dropout, maxSize, augment], ModelKind.Detector);
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
        if (parsed.GetValue(dropout) is { } dropped and not (>= 0 and < 1))
            throw new InputException($"--dropout is {dropped}; it is 0 or more, and less than 1.");
        DataSplits<DetectionDataset> splits =
            DetectionData.Open(Folder(parsed), Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        DetectorTrainingOptions options = new()
        {
            Backbone = parsed.GetValue(backbone),
            MinSize = parsed.GetValue(minSize),
            MaxSize = parsed.GetValue(maxSize),
            Augmentation = parsed.GetValue(augment) ?? AugmentationKind.Flip,
            Configure = network => network with
            {
                DeformableStages = parsed.GetValue(deformable),
                Roi = network.Roi with { SamplesPerImage = parsed.GetValue(roiSamples) ?? network.Roi.SamplesPerImage },
                Detr = network.Detr with { Queries = parsed.GetValue(queries) ?? network.Detr.Queries, Dropout = parsed.GetValue(dropout)
                    ?? network.Detr.Dropout },
            },
        };
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
        DataSplits<ClassificationDataset> splits = ClassificationData.Open(Folder(parsed), Format(parsed), parsed.GetValue(trainSplit),
            parsed.GetValue(validationSplit));
        using ClassifierTraining training =
            ClassifierTraining.Prepare(name, splits, Shared(parsed, name, classification.Training(parsed), cancellation), cancellation);
        return Finished(TrainingShow.Run(training, cancellation), training.Files);
    }

    private static bool Finished(bool finished, RunFolder run)
    {
        if (!finished) AnsiConsole.WriteLine($"Stopped. The same command with --resume --out {run.Folder} continues from here.");
        return finished;
    }

    /// <summary>The options with those that all kinds of models share.</summary>
    private TOptions Shared<TOptions>(ParseResult parsed, string name, TOptions options, CancellationToken cancellation)
        where TOptions : TrainingOptions
    {
        if (parsed.GetValue(repeat) is { } threshold and not (> 0 and <= 1))
            throw new InputException($"--repeat-threshold is {threshold}; it lies above 0, and 1 at most.");
        return options with
        {
            Folder = parsed.GetValue(output)?.ToString(),
            Resume = parsed.GetValue(resume),
            Weights = WeightsArgument.Resolve(parsed.GetValue(weights), name, parsed.GetValue(backbone), toStartFrom: true, cancellation),
            Epochs = parsed.GetValue(epochs),
            BatchSize = parsed.GetValue(batchSize),
            LearningRate = parsed.GetValue(rate),
            BackboneRateFactor = parsed.GetValue(backboneFactor),
            Optimizer = parsed.GetValue(optimizer),
            Schedule = parsed.GetValue(schedule),
            Milestones = parsed.GetValue(milestones),
            WarmupSteps = parsed.GetValue(warmup),
            ClipGradientNorm = parsed.GetValue(clip),
            PreciseBatchNorm = parsed.GetValue(preciseNorm),
            Flip = !parsed.GetValue(noFlip),
            ColorJitter = parsed.GetValue(jitter),
            RepeatThreshold = parsed.GetValue(repeat),
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
            Seed = parsed.GetValue(seed),
        };
    }

    private static AugmentationKind? ParseAugment(ArgumentResult result)
    {
        string text = result.Tokens is [{ Value: { Length: > 0 } value }] ? value : "-";
        if (Enum.TryParse(text.Replace("-", ""), ignoreCase: true, out AugmentationKind kind) && !char.IsAsciiDigit(text[0])) return kind;
        result.AddError($"--augment is '{text}'; it is one of copy-paste, flip, lsj, mixup, mosaic, none and ssd.");
        return null;
    }

    private DatasetFormat Format(ParseResult parsed) => Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);

    private string Folder(ParseResult parsed) => parsed.GetRequiredValue(data).FullName;
}
