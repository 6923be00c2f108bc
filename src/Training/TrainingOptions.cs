using System.Globalization;
using System.Runtime.CompilerServices;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The training options that all kinds of models share. Options that are null get the model's default.</summary>
public abstract record TrainingOptions
{
    private const int DefaultEpochs = 12;

    // Compared as the network's options, as the loader's, or of no influence on how a run goes on.
    private static readonly string[] sameWithout =
        ["Configure", "Backbone", "MinSize", "MaxSize", "Size", "FreshHead", nameof(Weights),
            nameof(Device), nameof(PlotFolder), nameof(BatchSize), nameof(AutoBatchSize), nameof(Callbacks)];

    /// <summary>The folder of the run; null for <c>runs/MODEL-1</c>, or the next free number.</summary>
    public string? Folder { get; init; }

    /// <summary>Continue the run in <see cref="Folder"/> exactly where it stopped; without a folder, the latest run of the model. If there
    /// is no checkpoint yet, start from the beginning.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// The weights to start from: a file, or the name of published weights such as "coco" or
    /// "imagenet", which are downloaded. Null starts from random weights.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>The number of passes over the training images, 1 or more. Null for 12, the common "1×" schedule for detectors, or with a
    /// <see cref="TimeBudget"/> for as many as fit.</summary>
    public int? Epochs { get; init; }

    /// <summary>Images in a batch, 1 or more; null for the model's default.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Takes the largest batch that fits into memory (<see cref="MemoryCertificate"/>), at most eight times the model's default and a tenth
    /// of the training images; <see cref="BatchSize"/> must then be null. Unless a <see cref="LearningRate"/> is given, the model's default
    /// grows with the batch: linearly with SGD (Goyal et al. 2017, arXiv:1706.02677), by the square root with AdamW (Malladi et al. 2022,
    /// arXiv:2205.10287). A resumed run keeps its batch, whatever memory is free. Only on the CPU, on Linux.
    /// </summary>
    public bool AutoBatchSize { get; init; }

    /// <summary>
    /// The learning rate after warmup, above 0; null for the model's default. It should scale with the batch size.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>The factor on the backbone's learning rate, above 0 and at most 1:
    /// 0.1 suits a pretrained backbone with a new head.</summary>
    public double BackboneRateFactor { get; init; } = 1;

    /// <summary>The factor on the learning rate from each stage of the backbone to the one before it, above 0 and at most 1; see
    /// <see cref="TrainerOptions.LayerRateDecay"/>.</summary>
    public double LayerRateDecay { get; init; } = 1;

    /// <summary>The optimizer; null for the model's default.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>How the learning rate decays after warmup; null for the model's default.</summary>
    public ScheduleKind? Schedule { get; init; }

    /// <summary>
    /// Epochs, starting at 1, after which <see cref="ScheduleKind.MultiStep"/> divides the learning rate by ten; null for two thirds and
    /// five sixths of all epochs.
    /// </summary>
    public IReadOnlyList<int>? Milestones { get; init; }

    /// <summary>Number of warmup steps, 0 or more, over which the learning rate rises;
    /// null for a tenth of all steps, at most 1000.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>The number of epochs without a better metric, 1 or more, after which <see cref="ScheduleKind.Plateau"/> divides the
    /// learning rate by ten.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>The maximum norm of the gradients; larger ones are scaled down to it. 0 for no clipping, null for the model's
    /// default.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The number of batches, 1 or more, whose gradients are averaged for a step, as if they were one large batch; see
    /// <see cref="TrainerOptions.Accumulate"/>.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>The part that an average of the weights keeps in a step, in (0, 1), usually 0.9998; null for no average. See
    /// <see cref="TrainerOptions.AverageDecay"/>.</summary>
    public double? AverageDecay { get; init; }

    /// <summary>The type that matrix products and convolutions compute in.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>The parameters that are not trained, as patterns of their names, such as <c>backbone.fpn.*</c>.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>The number of stages of the backbone, 0 or more, that are not trained. Null for the model's default: 2 for detectors that
    /// start from pretrained weights with batch norm, otherwise 0.</summary>
    public int? FreezeStages { get; init; }

    /// <summary>The epoch, 2 or more, from which on everything is trained that these options freeze; null for never.</summary>
    public int? ThawEpoch { get; init; }

    /// <summary>The number of epochs without a better metric, 1 or more, after which the run ends; null for no such end.</summary>
    public int? EarlyStopping { get; init; }

    /// <summary>The time that the run may take: its schedule is fitted to it. Null for no limit. See
    /// <see cref="TrainerOptions.TimeBudget"/>.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The number of best epochs, 0 or more, whose weights are kept as <c>epoch-N.safetensors</c>.</summary>
    public int SaveTop { get; init; }

    /// <summary>
    /// Number of batches, 0 or more but at most an epoch's, from which the statistics of batch norms are recomputed before each evaluation;
    /// null or 0 keeps the running means. It stabilizes the metrics of small data sets (Wu and Johnson 2021, arXiv:2105.07576).
    /// </summary>
    public int? PreciseBatchNorm { get; init; }

    /// <summary>With several processes, whether batch norm takes its statistics over the images of all of them; see
    /// <see cref="TrainerOptions.SyncBatchNorm"/>.</summary>
    public bool SyncBatchNorm { get; init; }

    /// <summary>Whether half of the training images are flipped horizontally. Turn it off if left and right matter.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>The strength of random changes in brightness, contrast and saturation of training images, in [0, 1].</summary>
    public double ColorJitter { get; init; }

    /// <summary>Shows images of rare classes more often; see <see cref="Data.LoaderOptions.RepeatThreshold"/>.</summary>
    public double? RepeatThreshold { get; init; }

    /// <summary>The device to compute on; null for a CUDA device if there is one, else the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>The seed of random weights, of the order of images and of their augmentation.</summary>
    public int Seed { get; init; }

    /// <summary>Losses are logged at every step that is a multiple of this, 1 or more.</summary>
    public int LogEverySteps { get; init; } = 10;

    /// <summary>Run during training, after the progress is shown.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>The folder for the plots of the finished run; null for <see cref="Folder"/>.</summary>
    public string? PlotFolder { get; init; }

    /// <summary>The device to compute on.</summary>
    internal Device ComputeDevice => Device ?? (cuda.is_available() ? CUDA : CPU);

    /// <summary>
    /// Checks all options and returns the trainer's options for a model. The default folder of a new run is left empty, to be created when
    /// everything else is ready.
    /// </summary>
    /// <exception cref="InputException">An option is out of its range.</exception>
    internal TrainerOptions Recipe(string model, TrainingDefaults defaults)
    {
        OptionRanges.Check(this);
        TrainerOptions recipe = new()
        {
            Folder = Folder ?? (Resume ? RunFolder.LatestOf(model) : ""),
            Resume = Resume,
            Epochs = Epochs ?? (TimeBudget is null ? DefaultEpochs : int.MaxValue),
            Optimizer = Optimizer ?? defaults.Optimizer,
            LearningRate = LearningRate ?? defaults.LearningRate,
            BackboneRateFactor = BackboneRateFactor,
            LayerRateDecay = LayerRateDecay,
            WarmupSteps = WarmupSteps,
            Schedule = Schedule ?? defaults.Schedule,
            PlateauPatience = PlateauPatience,
            ClipGradientNorm = ClipGradientNorm == 0 ? null : ClipGradientNorm ?? defaults.ClipGradientNorm,
            Accumulate = Accumulate,
            AverageDecay = AverageDecay,
            Precision = Precision,
            Freeze = Freeze,
            FreezeStages = FreezeStages ?? 0,
            ThawEpoch = ThawEpoch,
            EarlyStopping = EarlyStopping,
            TimeBudget = TimeBudget,
            SaveTop = SaveTop,
            PreciseBatchNorm = PreciseBatchNorm,
            SyncBatchNorm = SyncBatchNorm,
            Seed = Seed,
            LogEverySteps = LogEverySteps,
        };
        if (Milestones is { Count: > 0 } epochs)
            recipe = recipe with { Milestones = [.. epochs.Select(epoch => (double)epoch / recipe.Epochs)] };
        OptionRanges.Check(recipe);
        return recipe;
    }

    /// <summary>How batches are loaded, with the transform of training images for the kind of model.</summary>
    internal LoaderOptions LoaderOptions(TrainingDefaults defaults, IImageTransform? transform) => new()
    {
        BatchSize = BatchSize ?? defaults.BatchSize,
        Seed = Seed,
        Transform = transform,
        RepeatThreshold = RepeatThreshold,
    };

    /// <summary>The options that decide the result besides the network's and the trainer's, by name.</summary>
    internal IReadOnlyDictionary<string, string> Settings(LoaderOptions loader) => GetType().GetProperties()
        .Where(property => !sameWithout.Contains(property.Name) && typeof(TrainerOptions).GetProperty(property.Name) is null)
        .ToDictionary(property => property.Name, property => Text(property.GetValue(this)))
        .Append(new(nameof(BatchSize), Text(loader.BatchSize))).ToDictionary();

    private static string Text(object? value) => value switch
    {
        null => "none",
        ITuple pair => string.Join(" to ", Enumerable.Range(0, pair.Length).Select(i => Text(pair[i]))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
