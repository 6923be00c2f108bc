using System.CommandLine;

using Vision.Cli.Training;
using Vision.Data;

using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary><c>vision train</c>: trains a detector on a folder of annotated images.</summary>
internal sealed class TrainCommand
{
    private const int Resolution = 800, LargestSide = 1333;

    private readonly Argument<string> model = CommonOptions.Model();
    private readonly Option<DirectoryInfo> data = CommonOptions.Data();
    private readonly Option<string> format = CommonOptions.DataFormat();
    private readonly Option<string?> trainSplit = new("--train-split") { Description = "The split to train on; by default the one called train.", HelpName = "NAME" };
    private readonly Option<string?> validationSplit = new("--val-split") { Description = "The split to measure on; by default the one called val, or a tenth held out of the training images.", HelpName = "NAME" };
    private readonly Option<string?> backbone = CommonOptions.Backbone();
    private readonly Option<FileInfo> weights = CommonOptions.Weights(required: false, "Weights to start from: a detector's, or a classifier's for the backbone. Without them training starts from scratch.");
    private readonly Option<int> epochs = CommonOptions.Count("--epochs", 12, "How many times to go through the training images.");
    private readonly Option<int> batchSize = CommonOptions.Count("--batch-size", 4, "Images in a batch.");
    private readonly Option<double> rate = new("--lr") { Description = "The learning rate after warm-up; it should grow and shrink with the batch size.", HelpName = "X", DefaultValueFactory = _ => 0.01 };
    private readonly Option<OptimizerKind> optimizer = new("--optimizer") { Description = "How gradients become steps. adamw wants a rate of about 0.0001.", DefaultValueFactory = _ => OptimizerKind.Sgd };
    private readonly Option<ScheduleKind> schedule = new("--schedule") { Description = "How the rate falls after warm-up.", DefaultValueFactory = _ => ScheduleKind.MultiStep };
    private readonly Option<int[]> milestones = new("--milestones") { Description = "Epochs after which the rate falls tenfold; by default two thirds and five sixths of all.", HelpName = "N N", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> warmup = new("--warmup") { Description = "Steps over which the rate rises at the beginning; by default a tenth of all, at most 1000.", HelpName = "N" };
    private readonly Option<double?> clip = new("--clip") { Description = "The largest norm of the gradients; longer ones are shortened.", HelpName = "X" };
    private readonly Option<int> minSize = CommonOptions.Count("--min-size", Resolution, "The shorter side that images are resized to, in pixels. Smaller is faster, and blind to small objects.");
    private readonly Option<int> maxSize = CommonOptions.Count("--max-size", LargestSide, "The longer side that resizing does not exceed.");
    private readonly Option<bool> noFlip = new("--no-flip") { Description = "Do not mirror half of the training images, where left and right differ." };
    private readonly Option<double> jitter = new("--color-jitter") { Description = "How far brightness, contrast and saturation of training images vary, 0 to 1.", HelpName = "X" };
    private readonly Option<string> device = CommonOptions.Device();
    private readonly Option<int> seed = new("--seed") { Description = "Another seed draws other weights, orders and changes of images.", HelpName = "N" };
    private readonly Option<DirectoryInfo?> output = new("--out") { Description = "The folder of the run; by default runs/MODEL-1, or the next number that is free.", HelpName = "DIR" };
    private readonly Option<bool> resume = new("--resume") { Description = "Go on exactly where the run in --out (by default the latest of this model) was stopped." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        TrainCommand self = new();
        CommandWithExamples command = new("train", "Trains a detector on a folder of annotated images (Pascal VOC or COCO).",
            "vision train fasterrcnn_resnet18_fpn --data photos",
            "vision train fasterrcnn_resnet50_fpn --data photos --weights fasterrcnn_resnet50_fpn_coco-258fb6c6.pth --epochs 6 --lr 0.002",
            "vision train fasterrcnn_resnet50_fpn --data photos --resume       (with the options that the run was started with)")
        {
            self.model, self.data, self.format, self.trainSplit, self.validationSplit, self.backbone, self.weights, self.epochs, self.batchSize,
            self.rate, self.optimizer, self.schedule, self.milestones, self.warmup, self.clip, self.minSize, self.maxSize, self.noFlip, self.jitter,
            self.device, self.seed, self.output, self.resume,
        };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(model);
        int epochCount = parsed.GetValue(epochs);
        DatasetPair pair = DatasetPair.Read(
            parsed.GetRequiredValue(data).FullName, Enum.Parse<DatasetFormat>(parsed.GetRequiredValue(format), ignoreCase: true),
            parsed.GetValue(trainSplit), parsed.GetValue(validationSplit));
        bool goesOn = parsed.GetValue(resume);
        string folder = parsed.GetValue(output)?.ToString() ?? (goesOn ? RunName.Latest(name) : RunName.Next(name));

        TrainerOptions recipe = new()
        {
            Folder = folder,
            Resume = goesOn,
            Epochs = epochCount,
            Optimizer = parsed.GetValue(optimizer),
            LearningRate = parsed.GetValue(rate),
            WarmupSteps = parsed.GetValue(warmup),
            Schedule = parsed.GetValue(schedule),
            ClipGradientNorm = parsed.GetValue(clip),
            Seed = parsed.GetValue(seed),
        };
        if (parsed.GetValue(milestones) is { Length: > 0 } given) recipe = recipe with { Milestones = [.. given.Select(epoch => (double)epoch / epochCount)] };

        using Interruption interruption = new();
        DetectionRun run = new()
        {
            Model = name,
            Data = pair,
            Detector = new()
            {
                NumClasses = pair.Train.Categories.Count + 1,
                Backbone = parsed.GetValue(backbone),
                MinSize = parsed.GetValue(minSize),
                MaxSize = parsed.GetValue(maxSize),
            },
            Weights = parsed.GetValue(weights)?.ToString(),
            Trainer = recipe,
            Loader = new()
            {
                BatchSize = parsed.GetValue(batchSize),
                Seed = parsed.GetValue(seed),
                Transform = Augmentation.Create(flip: !parsed.GetValue(noFlip), parsed.GetValue(jitter)),
            },
            Device = ComputeDevice.Named(parsed.GetRequiredValue(device)),
        };
        return run.Start(interruption.Token) ? 0 : Interruption.ExitCode;
    }
}
