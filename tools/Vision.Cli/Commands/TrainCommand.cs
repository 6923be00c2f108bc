using System.CommandLine;
using Spectre.Console;
using Vision.Cli.Experiments;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector, a segmenter or a classifier on a folder of images.</summary>
internal sealed class TrainCommand
{
    /// <summary>The command's name.</summary>
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
    private readonly Option<bool> tensorBoard = new("--tensorboard")
    {
        Description = "Also log into the run's folder for TensorBoard: tensorboard --logdir runs shows the runs side by side.",
    };
    private readonly Option<bool> weightHistograms = new("--tensorboard-weights")
    {
        Description = "--tensorboard, with a histogram of each weight after every epoch.",
    };
    private readonly Option<bool> dryRun = new("--dry-run")
    {
        Description = "Do not train, but pass each stage once on a few images (data, step, evaluation, checkpoint, plots), the largest " +
            "and most crowded among them, so that nothing fails after hours. Nothing is left behind.",
    };
    private readonly Option<bool> resume = new("--resume")
    {
        Description = "Continue the run in --out (by default the latest of this model) exactly where it stopped; without a checkpoint, " +
            "from the beginning.",
    };

    private readonly Option<FileInfo?> config = new("--config")
    {
        Description = "Take all options from this file, the run.yaml of an earlier run; those on the command line come first.",
        HelpName = "FILE",
    };
    private readonly Option<int?> seeds = CommonOptions.Count("--seeds",
        "Train this many times, with the seeds from --seed on. Any option that takes one value also takes several, separated by commas: " +
            "every combination is trained, and all are compared.");
    private readonly Option<int?> jobs = CommonOptions.Count("--jobs", "Number of runs to train at once, on a share of the cores each.");

    private readonly Dictionary<object, object> opened = [];
    private Command? command;

    /// <summary>The command.</summary>
    public Command Command => command ??= Create();

    private Command Create()
    {
        CommandWithExamples command = new(Name,
            "Trains a detector on annotated images (COCO, Pascal VOC or YOLO), a segmenter on images with masks, " +
                "or a classifier on one folder of images per class (or CIFAR-10).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train deeplabv3_resnet18 --data camvid --min-size 240 --output-stride 16",
            "vision train resnet18 --data birds --weights imagenet --backbone-lr-factor 0.1",
            "vision train fasterrcnn_resnet18_fpn --data photos --time-budget 2h --schedule cosine --ema 0.9998",
            "vision train fasterrcnn_resnet50_fpn --data photos --backbone resnet18,convnext_tiny --lr 0.01,0.02 --seeds 3 --out runs/grid",
            "vision train --config runs/cells/run.yaml --out runs/again",
            "mpirun -n 4 vision train fasterrcnn_resnet18_fpn --data photos       (four processes, also on several machines)",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            model, data, format, trainSplit, validationSplit, backbone, weights,
        };
        Option[] shared = [minSize, repeat, noFlip, jitter, device, seed, output, resume, config, seeds, jobs, dryRun, tensorBoard,
            weightHistograms];
        foreach (Option option in
            (Option[])[.. recipe.All, .. shared, .. detection.All, .. segmentation.All, .. classification.All])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    /// <summary>Checks a command line as if training began, without training.</summary>
    /// <returns>What the run would be told to do.</returns>
    /// <exception cref="InputException">It cannot be done.</exception>
    public RunFile Check(ParseResult parsed, CancellationToken cancellation) =>
        Prepare(parsed, Checked, Checked, Checked, cancellation);

    private int Run(ParseResult parsed)
    {
        using Interruption interruption = new();
        CancellationToken token = interruption.Token;
        bool finished = parsed.GetValue(dryRun)
            ? Prepare(parsed, training => DryRunShow.Run(training, token), training => DryRunShow.Run(training, token),
                training => DryRunShow.Run(training, token), token)
            : Prepare(parsed,
                training => Finished(TrainingShow.Run(Repeated(training, parsed), token), training.Files),
                training => Finished(TrainingShow.Run(Repeated(training, parsed), token), training.Files),
                training => Finished(TrainingShow.Run(Repeated(training, parsed), token), training.Files), token);
        return finished ? 0 : Interruption.ExitCode;
    }

    private T Prepare<T>(ParseResult parsed, Func<DetectorTraining, T> detector, Func<SegmenterTraining, T> segmenter,
        Func<ClassifierTraining, T> classifier, CancellationToken cancellation)
    {
        string name = parsed.GetRequiredValue(model);
        CommonOptions.Refuse(parsed, name, detection.All, ModelKind.Detector);
        CommonOptions.Refuse(parsed, name, [backbone, minSize, repeat], ModelKind.Detector, ModelKind.Segmenter);
        CommonOptions.Refuse(parsed, name, classification.All, ModelKind.Classifier);
        CommonOptions.Refuse(parsed, name, segmentation.All, ModelKind.Segmenter);
        switch (ModelKinds.Of(name))
        {
            case ModelKind.Classifier:
                using (ClassifierTraining training = PrepareClassifier(parsed, name, cancellation)) return classifier(training);
            case ModelKind.Segmenter:
                using (SegmenterTraining training = PrepareSegmenter(parsed, name, cancellation)) return segmenter(training);
            default:
                using (DetectorTraining training = PrepareDetector(parsed, name, cancellation)) return detector(training);
        }
    }

    private DetectorTraining PrepareDetector(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DataSplits<DetectionDataset> splits = Open(parsed, DetectionData.Open);
        DetectorTrainingOptions options =
            detection.Training(parsed) with { Backbone = parsed.GetValue(backbone), MinSize = parsed.GetValue(minSize) };
        return DetectorTraining.Prepare(name, splits, Shared(parsed, name, options, cancellation), cancellation);
    }

    private SegmenterTraining PrepareSegmenter(ParseResult parsed, string name, CancellationToken cancellation)
    {
        DataSplits<SegmentationDataset> splits = Open(parsed, SegmentationData.Open);
        SegmenterTrainingOptions options = segmentation.Training(parsed, splits.Train) with { Backbone = parsed.GetValue(backbone) };
        if (parsed.GetValue(minSize) is { } side) options = options with { MinSize = side };
        return SegmenterTraining.Prepare(name, splits, Shared(parsed, name, options, cancellation), cancellation);
    }

    private ClassifierTraining PrepareClassifier(ParseResult parsed, string name, CancellationToken cancellation) =>
        ClassifierTraining.Prepare(name, Open(parsed, ClassificationData.Open),
            Shared(parsed, name, classification.Training(parsed), cancellation), cancellation);

    /// <summary>Opens the data set; once, if several command lines name the same.</summary>
    private DataSplits<TDataset> Open<TDataset>(
        ParseResult parsed, Func<string, DatasetFormat, string?, string?, DataSplits<TDataset>> open) where TDataset : IDataset
    {
        var key = (typeof(TDataset), Folder(parsed), Format(parsed), parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        if (!opened.TryGetValue(key, out object? splits)) opened[key] = splits = open(key.Item2, key.Item3, key.Item4, key.Item5);
        return (DataSplits<TDataset>)splits;
    }

    private static RunFile Checked<TDataset, TBatch, TMetrics>(TrainingSession<TDataset, TBatch, TMetrics> training)
        where TDataset : IDataset where TBatch : class, IDisposable where TMetrics : class
    {
        training.Check();
        return training.Description;
    }

    /// <summary>Says what differs from the run that is repeated, if one is.</summary>
    private TTraining Repeated<TTraining>(TTraining training, ParseResult parsed) where TTraining : IDescribedRun
    {
        if (parsed.GetValue(config) is { } file) RunDifferences.Warn($"{file}", RunFile.Read($"{file}"), training.Description);
        return training;
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
            Callbacks = parsed.GetValue(tensorBoard) || parsed.GetValue(weightHistograms)
                ? [new TensorBoardLog { Histograms = parsed.GetValue(weightHistograms) }] : [],
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
