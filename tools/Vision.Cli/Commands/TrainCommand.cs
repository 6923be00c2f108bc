using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector, a segmenter or a classifier on a folder of images.</summary>
internal sealed class TrainCommand
{
    private static readonly TrainingDefaults forDetectors = TrainingDefaults.Detector,
        forSegmenters = TrainingDefaults.Segmenter, forClassifiers = TrainingDefaults.Classifier;

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
    private readonly Option<int> epochs = CommonOptions.Count("--epochs", 12, "Number of passes over the training images.");
    private readonly Option<int?> batchSize = CommonOptions.Count("--batch-size",
        $"Images per batch; by default {forDetectors.BatchSize} for detectors, {forSegmenters.BatchSize} for segmenters and " +
        $"{forClassifiers.BatchSize} for classifiers.");
    private readonly Option<double?> rate = new("--lr")
    {
        Description = "The learning rate after warmup; it should scale with the batch size. By default " +
            $"{forDetectors.LearningRate} for detectors, {forSegmenters.LearningRate} for segmenters, {forClassifiers.LearningRate} for " +
            "classifiers and 0.0001 for detr.",
        HelpName = "X",
    };
    private readonly Option<double> backboneFactor = new("--backbone-lr-factor")
    {
        Description = "Factor on the learning rate of all but the last layers, above 0: 0.1 suits pretrained weights under a new head.",
        HelpName = "X", DefaultValueFactory = _ => 1,
    };
    private readonly Option<OptimizerKind?> optimizer = new("--optimizer")
    {
        Description = "The optimizer; by default sgd, and adamw for detr. adamw needs a learning rate of about 0.0001.",
    };
    private readonly Option<ScheduleKind?> schedule =
        new("--schedule") { Description = "How the learning rate decays after warmup; by default poly for segmenters, else multistep." };
    private readonly Option<int[]> milestones = new("--milestones")
    {
        Description = "Epochs after which the learning rate is divided by ten; by default two thirds and five sixths of all.",
        HelpName = "N N", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int?> warmup = new("--warmup")
    {
        Description = "Warmup steps, over which the learning rate rises; by default a tenth of all, at most 1000.",
        HelpName = "N",
    };
    private readonly Option<double?> clip = new("--clip")
    {
        Description = "Maximum norm of the gradients; larger ones are scaled down. By default 0.1 for detr, and no clipping for others.",
        HelpName = "X",
    };
    private readonly Option<int?> preciseNorm = CommonOptions.Count("--precise-bn",
        "Recompute batch norm statistics from this many batches before each evaluation, which stabilizes metrics on small data sets.");
    private readonly Option<int?> minSize = CommonOptions.Count("--min-size",
        "Detectors and segmenters: the shorter side that images are resized to, in pixels; by default that of the published model, " +
            "mostly 800 and 520. Smaller is faster, but misses small objects.");
    private readonly Option<int?> maxSize = CommonOptions.Count("--max-size",
        "Detectors: the maximum longer side after resizing; by default that of the published model, mostly 1333. SSD and YOLO use " +
            "squares, with a single side.");
    private readonly Option<int> deformable = new("--deformable-stages")
    {
        Description = "Detectors on ResNet-50 and larger: number of last stages with deformable convolutions (DCNv2), which suit " +
            "objects of varied shapes; 3 in the paper.",
        HelpName = "N",
    };
    private readonly Option<int?> roiSamples = CommonOptions.Count("--roi-samples",
        "Two-stage detectors: regions per image to train the second stage on, by default 512. Fewer are faster, especially with masks, " +
            "and suffice if images show few objects.");
    private readonly Option<int?> queries = CommonOptions.Count("--queries",
        "detr: maximum number of objects per image, by default 100. With fewer, training is much faster if images show few objects.");
    private readonly Option<double?> dropout = new("--dropout")
    {
        Description = "detr: dropout rate in the transformer, 0 to 1, by default 0.1. 0 learns faster, " +
            "but overfits small data sets.",
        HelpName = "X",
    };
    private readonly Option<bool> noFlip =
        new("--no-flip") { Description = "Do not flip half of the training images horizontally, for data in which left and right matter." };
    private readonly Option<AugmentationKind?> augment = new("--augment")
    {
        Description = "Detectors: augmentation of training images. flip (by default) flips half of them; ssd, lsj (large-scale " +
            "jittering), mosaic, mixup and copy-paste (needs segments) do more, for long training; none turns it off.",
        CustomParser = ParseAugment,
        HelpName = "copy-paste|flip|lsj|mixup|mosaic|none|ssd",
    };
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
    private readonly ClassificationOptions classification = new();
    private readonly SegmentationOptions segmentation = new();
    private readonly Option<string> device = CommonOptions.Device();
    private readonly Option<int> seed =
        new("--seed") { Description = "Seed of the random weights, the image order and the augmentation.", HelpName = "N" };
    private readonly Option<DirectoryInfo?> output =
        new("--out") { Description = "The folder of the run; by default runs/MODEL-1, or the next free number.", HelpName = "DIR" };
    private readonly Option<bool> resume =
        new("--resume") { Description = "Continue the run in --out (by default the latest of this model) exactly where it stopped." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        TrainCommand self = new();
        CommandWithExamples command = new("train",
            "Trains a detector on annotated images (COCO, Pascal VOC or YOLO), a segmenter on images with masks, " +
                "or a classifier on one folder of images per class (or CIFAR-10).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train deeplabv3_resnet18 --data camvid --min-size 240 --output-stride 16",
            "vision train resnet18 --data birds --weights imagenet --backbone-lr-factor 0.1",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            self.model, self.data, self.format, self.trainSplit, self.validationSplit, self.backbone, self.deformable,
            self.roiSamples, self.queries, self.dropout, self.weights, self.epochs, self.batchSize,
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
            throw new InputException($"--dropout is {dropped}; it must be 0 or more, and less than 1.");
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
                Detr = network.Detr with
                {
                    Queries = parsed.GetValue(queries) ?? network.Detr.Queries,
                    Dropout = parsed.GetValue(dropout) ?? network.Detr.Dropout,
                },
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
        result.AddError($"--augment is '{text}'; it must be one of copy-paste, flip, lsj, mixup, mosaic, none or ssd.");
        return null;
    }

    private DatasetFormat Format(ParseResult parsed) => Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);

    private string Folder(ParseResult parsed) => parsed.GetRequiredValue(data).FullName;
}
