using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Vision.Backbones;
using Vision.Cli.Training;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector, a segmenter or a classifier on a folder of images.</summary>
internal sealed class TrainCommand
{
    private const int DetectorBatch = 4, ClassifierBatch = 32, SegmenterBatch = 8, UsualSide = 520;
    private const double DetectorRate = 0.01, ClassifierRate = 0.02, SegmenterRate = 0.02, TransformerRate = 1e-4, TransformerClip = 0.1;

    private readonly Argument<string> model = CommonOptions.Model();
    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> trainSplit = new("--train-split") { Description = "The split to train on; by default the one called train.", HelpName = "NAME" };
    private readonly Option<string?> validationSplit = new("--val-split") { Description = "The split to measure on; by default the one called val, or a tenth held out of the training images.", HelpName = "NAME" };
    private readonly Option<string?> backbone = CommonOptions.Backbone();
    private readonly Option<string> weights = CommonOptions.Weights(required: false, "Weights to start from, a file or a name such as imagenet or coco: a detector's, or a classifier's for itself or for the backbone. Without them training starts from scratch.");
    private readonly Option<int> epochs = CommonOptions.Count("--epochs", 12, "How many times to go through the training images.");
    private readonly Option<int?> batchSize = CommonOptions.Count("--batch-size", $"Images in a batch; by default {DetectorBatch} for detectors, {SegmenterBatch} for segmenters and {ClassifierBatch} for classifiers.");
    private readonly Option<double?> rate = new("--lr") { Description = $"The learning rate after warm-up; it should grow and shrink with the batch size. By default {DetectorRate} for detectors, {SegmenterRate} for segmenters, {ClassifierRate} for classifiers and 0.0001 for detr.", HelpName = "X" };
    private readonly Option<double> backboneFactor = new("--backbone-lr-factor") { Description = "What the rate is multiplied with before the last layers, above 0: 0.1 suits good weights under a fresh last layer.", HelpName = "X", DefaultValueFactory = _ => 1 };
    private readonly Option<OptimizerKind?> optimizer = new("--optimizer") { Description = "How gradients become steps: by default sgd, and adamw for detr. adamw wants a rate of about 0.0001." };
    private readonly Option<ScheduleKind?> schedule = new("--schedule") { Description = "How the rate falls after warm-up: by default poly for segmenters, and multistep for others." };
    private readonly Option<int[]> milestones = new("--milestones") { Description = "Epochs after which the rate falls tenfold; by default two thirds and five sixths of all.", HelpName = "N N", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> warmup = new("--warmup") { Description = "Steps over which the rate rises at the beginning; by default a tenth of all, at most 1000.", HelpName = "N" };
    private readonly Option<double?> clip = new("--clip") { Description = "The largest norm of the gradients; longer ones are shortened. By default 0.1 for detr, and none for others.", HelpName = "X" };
    private readonly Option<int?> minSize = CommonOptions.Count("--min-size", "Detectors and segmenters: the shorter side that images are resized to, in pixels; by default that of the published model, mostly 800 and 520. Smaller is faster, and blind to small objects.");
    private readonly Option<int?> maxSize = CommonOptions.Count("--max-size", "Detectors: the longer side that resizing does not exceed; by default that of the published model, mostly 1333. SSD and YOLO see squares, of one side.");
    private readonly Option<int> deformable = new("--deformable-stages") { Description = "Detectors on ResNet-50 and larger: how many of the last stages get deformable convolutions (DCNv2), which suit objects of many shapes; 3 as in the paper.", HelpName = "N" };
    private readonly Option<int?> roiSamples = CommonOptions.Count("--roi-samples", "Detectors of two stages: regions of an image that the second stage is trained on, by default 512. Fewer are faster, masks above all, and enough where images show few objects.");
    private readonly Option<int?> queries = CommonOptions.Count("--queries", "detr: the most objects that can be found in an image, by default 100. Fewer learn much sooner where images show few.");
    private readonly Option<double?> dropout = new("--dropout") { Description = "detr: the rate of dropout in the transformer, 0 to 1, by default 0.1. 0 learns sooner, and by heart where images are few.", HelpName = "X" };
    private readonly Option<bool> noFlip = new("--no-flip") { Description = "Do not mirror half of the training images, where left and right differ." };
    private readonly Option<AugmentRecipe?> augment = new("--augment")
    {
        Description = "Detectors: how training images are changed. flip (by default) mirrors half of them; ssd, lsj (large-scale jittering), mosaic, mixup and copy-paste (with segments) do more, for long trainings; none does nothing.",
        CustomParser = ParseAugment,
        HelpName = "copy-paste|flip|lsj|mixup|mosaic|none|ssd",
    };
    private readonly Option<double?> repeat = new("--repeat-threshold") { Description = "Detectors: show images of rare classes more often, those in a smaller part of the images than this, 0 to 1.", HelpName = "X" };
    private readonly Option<double> jitter = new("--color-jitter") { Description = "How far brightness, contrast and saturation of training images vary, 0 to 1.", HelpName = "X" };
    private readonly ClassificationOptions classification = new();
    private readonly SegmentationOptions segmentation = new();
    private readonly Option<string> device = CommonOptions.Device();
    private readonly Option<int> seed = new("--seed") { Description = "Another seed draws other weights, orders and changes of images.", HelpName = "N" };
    private readonly Option<DirectoryInfo?> output = new("--out") { Description = "The folder of the run; by default runs/MODEL-1, or the next number that is free.", HelpName = "DIR" };
    private readonly Option<bool> resume = new("--resume") { Description = "Go on exactly where the run in --out (by default the latest of this model) was stopped." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        TrainCommand self = new();
        CommandWithExamples command = new("train", "Trains a detector on annotated images (COCO, Pascal VOC or YOLO), a segmenter on images with masks, or a classifier on a folder of images for each class (or CIFAR-10).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train deeplabv3_resnet18 --data camvid --min-size 240 --output-stride 16",
            "vision train resnet18 --data birds --weights imagenet --backbone-lr-factor 0.1",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            self.model, self.data, self.format, self.trainSplit, self.validationSplit, self.backbone, self.deformable, self.roiSamples, self.queries, self.dropout, self.weights, self.epochs, self.batchSize,
            self.rate, self.backboneFactor, self.optimizer, self.schedule, self.milestones, self.warmup, self.clip, self.minSize, self.maxSize, self.augment, self.repeat, self.noFlip, self.jitter,
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

    private static bool Train<TDataset>(TrainingRun<TDataset> run, CancellationToken cancellation) where TDataset : IDataset
    {
        if (run.Start(cancellation)) return true;
        AnsiConsole.WriteLine($"Stopped. The same command with --resume --out {run.Trainer.Folder} goes on from here.");
        return false;
    }

    private bool RunSegmenter(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DatasetPair<SegmentationDataset> pair = DatasetPair.Pixels(parsed.GetRequiredValue(data).FullName, Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        int side = parsed.GetValue(minSize) ?? UsualSide;
        (int Width, int Height) window = SizeAt(segmentation.CropSide(parsed, side), pair.Train);
        SegmentationRun run = new()
        {
            Model = name,
            Data = pair,
            Segmenter = segmentation.Network(parsed, pair.Train.Categories.Count, parsed.GetValue(backbone)),
            Loss = segmentation.Loss(parsed, pair.Train),
            Size = window,
            ShorterSide = side,
            Weights = WeightsArgument.Resolve(parsed.GetValue(weights), name, parsed.GetValue(backbone), toStartFrom: true, cancellation),
            Trainer = Recipe(parsed, name, SegmenterRate, usualSchedule: ScheduleKind.Poly),
            Loader = Loader(parsed, SegmenterBatch, segmentation.Transform(parsed, SizeAt(side, pair.Train), window, flip: !parsed.GetValue(noFlip), parsed.GetValue(jitter))) with { RepeatThreshold = RepeatThreshold(parsed) },
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
        };
        return Train(run, cancellation);
    }

    private bool RunDetector(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DatasetPair<DetectionDataset> pair = DatasetPair.Objects(parsed.GetRequiredValue(data).FullName, Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        DetectorOptions published = DetectorCatalog.DefaultsOf(name, pair.Train.Categories.Count + 1);
        if (parsed.GetValue(dropout) is { } dropped and not (>= 0 and < 1)) throw new InputException($"--dropout is {dropped}; it is 0 or more, and less than 1.");
        bool isSquare = published.MinSize == published.MaxSize;
        int? least = parsed.GetValue(minSize), most = parsed.GetValue(maxSize);
        Augmentation augmentation = Augmentation.Of(
            parsed.GetValue(augment) ?? AugmentRecipe.Flip, flip: !parsed.GetValue(noFlip) && parsed.GetValue(augment) != AugmentRecipe.None, parsed.GetValue(jitter), least ?? published.MinSize, pair.Train.Categories);
        if (parsed.GetValue(augment) == AugmentRecipe.CopyPaste && !pair.Train.Samples.Any(sample => sample.Objects.Any(item => item.Segment is not null)))
            throw new InputException($"--augment copy-paste needs segments, and {pair.Train.Name} has boxes alone; take lsj, or annotate polygons.");
        DetectionRun run = new()
        {
            Model = name,
            Data = pair,
            Detector = published with
            {
                Backbone = parsed.GetValue(backbone),
                DeformableStages = parsed.GetValue(deformable),
                Roi = published.Roi with { SamplesPerImage = parsed.GetValue(roiSamples) ?? published.Roi.SamplesPerImage },
                Detr = published.Detr with { Queries = parsed.GetValue(queries) ?? published.Detr.Queries, Dropout = parsed.GetValue(dropout) ?? published.Detr.Dropout },
                NumKeypoints = DetectorCatalog.ArchitectureOf(name).Task == DetectorTask.Keypoint ? KeypointsOf(pair.Train) : published.NumKeypoints,
                MinSize = least ?? (isSquare ? most : null) ?? published.MinSize,
                MaxSize = most ?? (isSquare ? least : null) ?? published.MaxSize,
            },
            Weights = WeightsArgument.Resolve(parsed.GetValue(weights), name, parsed.GetValue(backbone), toStartFrom: true, cancellation),
            Trainer = Recipe(parsed, name, DetectorRate, DetectorCatalog.ArchitectureOf(name).LearnsWithAdamW),
            Loader = Loader(parsed, DetectorBatch, augmentation.Transform) with { RepeatThreshold = RepeatThreshold(parsed) },
            Mixing = augmentation.Mixing,
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
        };
        return Train(run, cancellation);
    }

    private bool RunClassifier(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DatasetPair<ClassificationDataset> pair = DatasetPair.Classes(parsed.GetRequiredValue(data).FullName, Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        string? start = WeightsArgument.Resolve(parsed.GetValue(weights), name, toStartFrom: true, cancellation: cancellation);
        Preprocessing preprocessing = classification.Preprocessing(parsed, name, start);
        ClassificationRun run = new()
        {
            Model = name,
            Data = pair,
            Preprocessing = preprocessing,
            Weights = start,
            FreshHead = classification.StartsWithFreshHead(parsed),
            FreezeBackbone = classification.FreezesBackbone(parsed),
            LabelSmoothing = classification.Smoothing(parsed),
            Trainer = Recipe(parsed, name, ClassifierRate),
            Loader = Loader(parsed, ClassifierBatch, classification.Transform(parsed, preprocessing, flip: !parsed.GetValue(noFlip), parsed.GetValue(jitter))),
            Mixing = classification.Mixing(parsed),
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
        };
        return Train(run, cancellation);
    }

    /// <summary>The size of a data set's first image where its shorter side has so many pixels.</summary>
    private static (int Width, int Height) SizeAt(int side, SegmentationDataset data)
    {
        (int width, int height) = ImageFile.ReadSize(data.Samples[0].File);
        double scale = (double)side / Math.Min(width, height);
        return ((int)Math.Round(width * scale), (int)Math.Round(height * scale));
    }

    private static int KeypointsOf(DetectionDataset data)
    {
        int[] counts = [.. data.Categories.Select(category => category.Keypoints.Count).Where(count => count > 0).Distinct()];
        return counts switch
        {
            [int count] => count,
            [] => throw new InputException($"A keypoint detector learns from keypoints, and {data.Name} has none: give COCO annotations whose categories name their keypoints."),
            _ => throw new InputException($"The categories of {data.Name} have {string.Join(" and ", counts)} keypoints; a keypoint detector knows one number of them: train on one kind at a time."),
        };
    }

    private double? RepeatThreshold(ParseResult parsed) => parsed.GetValue(repeat) is not { } threshold ? null
        : threshold is > 0 and <= 1 ? threshold : throw new InputException($"--repeat-threshold is {threshold}; it lies above 0, and 1 at most.");

    private static AugmentRecipe? ParseAugment(ArgumentResult result)
    {
        string text = result.Tokens is [{ Value: { Length: > 0 } value }] ? value : "-";
        if (Enum.TryParse(text.Replace("-", ""), ignoreCase: true, out AugmentRecipe kind) && !char.IsAsciiDigit(text[0])) return kind;
        result.AddError($"--augment is '{text}'; it is one of copy-paste, flip, lsj, mixup, mosaic, none and ssd.");
        return null;
    }

    private DatasetFormat Format(ParseResult parsed) => Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true);

    private LoaderOptions Loader(ParseResult parsed, int usualBatch, IImageTransform? transform) =>
        new() { BatchSize = parsed.GetValue(batchSize) ?? usualBatch, Seed = parsed.GetValue(seed), Transform = transform };

    private TrainerOptions Recipe(ParseResult parsed, string name, double usualRate, bool isTransformer = false, ScheduleKind usualSchedule = ScheduleKind.MultiStep)
    {
        int epochCount = parsed.GetValue(epochs);
        bool goesOn = parsed.GetValue(resume);
        TrainerOptions recipe = new()
        {
            Folder = parsed.GetValue(output)?.ToString() ?? (goesOn ? RunName.Latest(name) : RunName.Next(name)),
            Resume = goesOn,
            Epochs = epochCount,
            Optimizer = parsed.GetValue(optimizer) ?? (isTransformer ? OptimizerKind.AdamW : OptimizerKind.Sgd),
            LearningRate = parsed.GetValue(rate) ?? (isTransformer ? TransformerRate : usualRate),
            BackboneRateFactor = parsed.GetValue(backboneFactor),
            WarmupSteps = parsed.GetValue(warmup),
            Schedule = parsed.GetValue(schedule) ?? usualSchedule,
            ClipGradientNorm = parsed.GetValue(clip) ?? (isTransformer ? TransformerClip : null),
            Seed = parsed.GetValue(seed),
        };
        return parsed.GetValue(milestones) is { Length: > 0 } given ? recipe with { Milestones = [.. given.Select(epoch => (double)epoch / epochCount)] } : recipe;
    }
}
