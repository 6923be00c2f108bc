using System.CommandLine;
using System.CommandLine.Parsing;
using Vision.Training;

namespace Vision.Cli.Commands;

/// <summary>The options of <c>vision train</c> that say how long, how fast and in which precision every kind of model is trained.</summary>
internal sealed class RecipeOptions
{
    private static readonly TrainingDefaults forDetectors = TrainingDefaults.Detector,
        forSegmenters = TrainingDefaults.Segmenter, forClassifiers = TrainingDefaults.Classifier;

    // No number of images: the largest batch that fits.
    private const int Auto = 0;

    private readonly Option<int?> epochs = CommonOptions.Count("--epochs",
        "Number of passes over the training images, by default 12, or with --time-budget as many as fit.");
    private readonly Option<TimeSpan?> timeBudget = new("--time-budget")
    {
        Description = "The time that training may take with its evaluations, such as 90m, 2h or 1h30m: the schedule is fitted to it.",
        HelpName = "TIME", CustomParser = ParseTime,
    };
    private readonly Option<int?> earlyStopping =
        CommonOptions.Count("--early-stopping", "End training after this many epochs without a better metric.");
    private readonly Option<int?> saveTop =
        CommonOptions.Count("--save-top", "Number of best epochs whose weights are kept as epoch-N.safetensors, too.");
    private readonly Option<int?> batchSize = new("--batch-size")
    {
        Description =
            $"Images per batch; by default {forDetectors.BatchSize} for detectors, {forSegmenters.BatchSize} for segmenters and " +
            $"{forClassifiers.BatchSize} for classifiers. auto takes the largest that fits into memory (on the CPU, on Linux), at most 8 " +
            "times that, and scales the default learning rate. Several processes (mpirun) divide each batch among them.",
        HelpName = "N|auto", CustomParser = ParseBatchSize,
    };
    private readonly Option<int> accumulate = CommonOptions.Count("--accumulate", 1,
        "Batches per step of the optimizer: the gradients of N batches are averaged, as if they were one large batch that would not fit " +
        "into memory. Batch norm sees each batch by itself.");
    private readonly Option<TrainingPrecision> precision = new("--precision")
    {
        Description = "Precision of products and convolutions: bf16 is faster on GPUs and on CPUs with AMX or AVX-512 BF16, fp16 on " +
            "older GPUs. Weights, losses, boxes and evaluation stay in fp32.",
        HelpName = "bf16|fp16|fp32", CustomParser = ParsePrecision, DefaultValueFactory = _ => TrainingPrecision.Float32,
    };
    private readonly Option<double?> average = new("--ema")
    {
        Description = "Also average the weights over steps (EMA), with this decay, usually 0.9998 and less at first. Both are evaluated; " +
            "best.safetensors has the better ones, average.safetensors the latest average.",
        HelpName = "X",
    };
    private readonly Option<OptimizerKind?> optimizer = new("--optimizer")
    {
        Description = "The optimizer; by default sgd, and adamw for detr. adamw needs a learning rate of about 0.0001.",
    };
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
    private readonly Option<double> layerDecay = new("--layer-lr-decay")
    {
        Description = "Factor on the learning rate from each stage of the backbone to the one before it, above 0: 0.7 to 0.9 suits " +
            "pretrained transformers.",
        HelpName = "X", DefaultValueFactory = _ => 1,
    };
    private readonly Option<ScheduleKind?> schedule = new("--schedule")
    {
        Description = "How the learning rate decays after warmup; by default poly for segmenters, else multistep. onecycle rises for " +
            "30 % of training, plateau waits until the metric stops improving.",
    };
    private readonly Option<int[]> milestones = new("--milestones")
    {
        Description = "multistep: epochs after which the learning rate is divided by ten; by default two thirds and five sixths of all.",
        HelpName = "N N", AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int> patience = CommonOptions.Count("--plateau-patience", 3,
        "plateau: epochs without a better metric after which the learning rate is divided by ten.");
    private readonly Option<int?> warmup = new("--warmup")
    {
        Description = "Warmup steps, over which the learning rate rises; by default a tenth of all, at most 1000.",
        HelpName = "N",
    };
    private readonly Option<double?> clip = new("--clip")
    {
        Description = "Maximum norm of the gradients; larger ones are scaled down, 0 for none. By default " +
            $"{forDetectors.ClipGradientNorm} for detectors, {TrainingDefaults.Transformer.ClipGradientNorm} for detr and none for others.",
        HelpName = "X",
    };
    private readonly Option<string[]> freeze = new("--freeze")
    {
        Description = "Names of parameters that are not trained, with * for any characters, such as \"backbone.fpn.*\".",
        HelpName = "NAME", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
    };
    private readonly Option<int?> freezeStages = new("--freeze-stages")
    {
        Description = "Number of first stages of the backbone that are not trained; by default 2 for detectors with pretrained weights, " +
            "else 0.",
        HelpName = "N",
    };
    private readonly Option<int?> thawAt =
        new("--thaw-at") { Description = "Epoch from which on everything is trained that these options freeze.", HelpName = "N" };
    private readonly Option<int?> preciseNorm = CommonOptions.Count("--precise-bn",
        "Recompute batch norm statistics from this many batches before each evaluation, which stabilizes metrics on small data sets.");

    private readonly Option<bool> syncNorm = new("--sync-bn")
    {
        Description = "With several processes (mpirun): batch norm over the images of all of them, for parts of few images.",
    };

    /// <summary>All options.</summary>
    public IReadOnlyList<Option> All =>
    [
        epochs, timeBudget, earlyStopping, saveTop, batchSize, accumulate, precision, average, optimizer, rate, backboneFactor, layerDecay,
        schedule, milestones, patience, warmup, clip, freeze, freezeStages, thawAt, preciseNorm, syncNorm,
    ];

    /// <summary>Adds what these options set.</summary>
    public TOptions AddTo<TOptions>(TOptions options, ParseResult parsed) where TOptions : TrainingOptions => options with
    {
        Epochs = parsed.GetValue(epochs),
        TimeBudget = parsed.GetValue(timeBudget),
        EarlyStopping = parsed.GetValue(earlyStopping),
        SaveTop = parsed.GetValue(saveTop) ?? 0,
        BatchSize = parsed.GetValue(batchSize) is > 0 and var images ? images : null,
        AutoBatchSize = parsed.GetValue(batchSize) == Auto,
        Accumulate = parsed.GetValue(accumulate),
        Precision = parsed.GetValue(precision),
        AverageDecay = parsed.GetValue(average),
        Optimizer = parsed.GetValue(optimizer),
        LearningRate = parsed.GetValue(rate),
        BackboneRateFactor = parsed.GetValue(backboneFactor),
        LayerRateDecay = parsed.GetValue(layerDecay),
        Schedule = parsed.GetValue(schedule),
        Milestones = parsed.GetValue(milestones),
        PlateauPatience = parsed.GetValue(patience),
        WarmupSteps = parsed.GetValue(warmup),
        ClipGradientNorm = parsed.GetValue(clip),
        Freeze = parsed.GetRequiredValue(freeze),
        FreezeStages = parsed.GetValue(freezeStages),
        ThawEpoch = parsed.GetValue(thawAt),
        PreciseBatchNorm = parsed.GetValue(preciseNorm),
        SyncBatchNorm = parsed.GetValue(syncNorm),
    };

    private static int? ParseBatchSize(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text == "auto") return Auto;
        if (int.TryParse(text, out int images) && images >= 1) return images;
        result.AddError($"--batch-size is {text}; it must be 1 or more, or auto.");
        return null;
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Duration.Parse(text) is { } time) return time;
        result.AddError($"--time-budget is '{text}'; it must be a time such as 90m, 2h or 1h30m.");
        return null;
    }

    private static TrainingPrecision ParsePrecision(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        switch (text)
        {
            case "bf16": return TrainingPrecision.BFloat16;
            case "fp16": return TrainingPrecision.Float16;
            case "fp32": return TrainingPrecision.Float32;
            default:
                result.AddError($"--precision is '{text}'; it must be one of bf16, fp16 or fp32.");
                return default;
        }
    }
}
