using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>How a model is trained, whatever it predicts. What is null is chosen for the model.</summary>
public abstract record TrainingOptions
{
    /// <summary>The folder of the run; null for <c>runs/MODEL-1</c>, or the next number that is free.</summary>
    public string? Folder { get; init; }

    /// <summary>Continue the run in <see cref="Folder"/> exactly where it stopped; without a folder, the latest run of the model.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// The weights to start from: a file, or the name of published weights such as "coco" or
    /// "imagenet", which are downloaded. Null starts from random weights.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>How many times the training images are gone through, 1 or more. 12 is the field's "1×" schedule for detectors.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Images in a batch, 1 or more; null for the model's default.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// The learning rate after warm-up, above 0; null for the model's default. It should grow and shrink with the batch size.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>What the rate is multiplied with for the backbone, above 0 and at most 1:
    /// 0.1 suits good weights under a new head.</summary>
    public double BackboneRateFactor { get; init; } = 1;

    /// <summary>How gradients become steps; null for the model's default.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>How the rate falls after warm-up; null for the model's default.</summary>
    public ScheduleKind? Schedule { get; init; }

    /// <summary>
    /// Epochs, from 1, after which <see cref="ScheduleKind.MultiStep"/> divides the rate by ten; null for two thirds and five sixths of
    /// all.
    /// </summary>
    public IReadOnlyList<int>? Milestones { get; init; }

    /// <summary>Steps, 0 or more, over which the rate rises at the beginning; null for a tenth of all, at most 1000.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>The largest norm of the gradients, above 0, to which longer ones are shortened; null for the model's default.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>
    /// Batches, 0 or more, over which the statistics of batch norms are computed anew before each evaluation, an epoch's at most; null or
    /// 0 leaves the running means. It steadies the figures of small data sets (Wu and Johnson 2021, arXiv:2105.07576).
    /// </summary>
    public int? PreciseBatchNorm { get; init; }

    /// <summary>Whether half of the training images are mirrored. Turn it off where left and right differ.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>How far brightness, contrast and saturation of the training images vary, in [0, 1].</summary>
    public double ColorJitter { get; init; }

    /// <summary>As <see cref="Data.LoaderOptions.RepeatThreshold"/>: shows images of rare classes more often.</summary>
    public double? RepeatThreshold { get; init; }

    /// <summary>Where to compute; null for a CUDA device where there is one, and else the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>Decides the random weights, the order of the images and their random changes.</summary>
    public int Seed { get; init; }

    /// <summary>Losses are logged at every step that is a multiple of this, 1 or more.</summary>
    public int LogEverySteps { get; init; } = 10;

    /// <summary>The folder for the plots of the finished run; null for <see cref="Folder"/>.</summary>
    public string? PlotFolder { get; init; }

    /// <summary>The device to compute on.</summary>
    internal Device ComputeDevice => Device ?? (cuda.is_available() ? CUDA : CPU);

    /// <summary>
    /// Checks all options, and gives the trainer's for a model. The folder of a new run that nobody named is left empty, to be made when
    /// all else is ready.
    /// </summary>
    /// <exception cref="InputException">An option is out of its range, or there is no run to resume.</exception>
    internal TrainerOptions Recipe(string model, TrainingDefaults defaults)
    {
        OptionRanges.Check(this);
        TrainerOptions recipe = new()
        {
            Folder = Folder ?? (Resume ? RunFolder.LatestOf(model) : ""),
            Resume = Resume,
            Epochs = Epochs,
            Optimizer = Optimizer ?? defaults.Optimizer,
            LearningRate = LearningRate ?? defaults.LearningRate,
            BackboneRateFactor = BackboneRateFactor,
            WarmupSteps = WarmupSteps,
            Schedule = Schedule ?? defaults.Schedule,
            ClipGradientNorm = ClipGradientNorm ?? defaults.ClipGradientNorm,
            PreciseBatchNorm = PreciseBatchNorm,
            Seed = Seed,
            LogEverySteps = LogEverySteps,
        };
        if (Milestones is { Count: > 0 } epochs) recipe = recipe with { Milestones = [.. epochs.Select(epoch => (double)epoch / Epochs)] };
        OptionRanges.Check(recipe);
        return recipe;
    }
}
