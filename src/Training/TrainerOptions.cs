namespace Vision.Training;

/// <summary>How to train. The defaults are torchvision's recipe for detectors,
/// except that lengths are relative to that of the run.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder of the run, which receives the checkpoints and the metrics; created if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Resume the run in <see cref="Folder"/> exactly from its last checkpoint.
    /// Otherwise, a folder that holds a run is rejected.</summary>
    public bool Resume { get; init; }

    /// <summary>The number of passes over the training set, 1 or more. 12 is the common "1×" schedule for detectors.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>
    /// The learning rate after warmup, above 0. 0.01 suits SGD with batches of about 8 images (torchvision uses 0.02 for 16; scale it with
    /// the batch size); AdamW needs about 0.0001.
    /// </summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// The factor on the learning rate of the backbone's parameters, above 0 and at most 1: less than 1 if they are pretrained and only the
    /// last layers are new.
    /// </summary>
    public double BackboneRateFactor { get; init; } = 1;

    /// <summary>
    /// The factor on the learning rate from each stage of the backbone to the one before it, above 0 and at most 1: general features, next
    /// to the image, then change less than specific ones (Clark et al. 2020, arXiv:2003.10555). 1 for the same rate.
    /// </summary>
    public double LayerRateDecay { get; init; } = 1;

    /// <summary>SGD's momentum, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The weight decay of all parameters, 0 or more; including norms and biases, as in torchvision.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// Number of steps, 0 or more, over which the learning rate rises linearly from a thousandth, since the first gradients of a new head
    /// are large. Null for a tenth of the run, at most 1000 steps.
    /// </summary>
    public int? WarmupSteps { get; init; }

    /// <summary>How the learning rate decays after warmup.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.MultiStep;

    /// <summary>
    /// The points at which <see cref="ScheduleKind.MultiStep"/> lowers the learning rate, as fractions of the run, above 0. The default is
    /// epochs 8 and 10 of 12.
    /// </summary>
    public IReadOnlyList<double> Milestones { get; init; } = [2.0 / 3, 5.0 / 6];

    /// <summary>The factor on the learning rate at a milestone, above 0 and at most 1.</summary>
    public double MilestoneFactor { get; init; } = 0.1;

    /// <summary>The number of epochs without a better main metric, 1 or more, after which <see cref="ScheduleKind.Plateau"/> lowers the
    /// learning rate by <see cref="MilestoneFactor"/>.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>
    /// The number of batches, 1 or more, whose gradients are averaged for a step. The result is that of a batch as large as all of them, up
    /// to rounding, except that batch norm sees each batch by itself, and that losses which divide by the number of objects in a batch
    /// weigh objects differently. The number of steps falls accordingly, and the learning rate should rise as for the larger batch.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// The part that the average of the weights keeps in a step, in (0, 1), usually 0.9998; less at first: step n keeps n / (n + 9) at
    /// most. The averaged weights are evaluated in addition. Null for no average.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>The type that matrix products and convolutions compute in.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>
    /// The parameters that are not trained, as patterns of their names with * and ?, such as <c>backbone.fpn.*</c>. Normalization in layers
    /// without trained parameters keeps its statistics.
    /// </summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>The number of stages of the backbone, 0 or more, that are not trained, from the one next to the image on.</summary>
    public int FreezeStages { get; init; }

    /// <summary>The epoch, 2 or more, from which on <see cref="Freeze"/> and <see cref="FreezeStages"/> do not apply; null for
    /// never.</summary>
    public int? ThawEpoch { get; init; }

    /// <summary>The number of epochs without a better main metric, 1 or more, after which the run ends; null for no such end.</summary>
    public int? EarlyStopping { get; init; }

    /// <summary>
    /// The time that the run may take, above 0, with its evaluations: the schedule follows the time, and ends with it. The number of epochs
    /// remains a limit, too. Pauses before a resume do not count. Null for no limit.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The number of best epochs, 0 or more, whose weights are kept in files of their own; 0 keeps only the best.</summary>
    public int SaveTop { get; init; }

    /// <summary>
    /// The maximum norm of all gradients together, above 0; larger ones are scaled down to it. Null for no clipping.
    /// </summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>
    /// Number of batches, 0 or more but at most an epoch's, from which the statistics of batch norms are recomputed before each evaluation;
    /// null or 0 keeps the running means. It stabilizes the metrics of small data sets (Wu and Johnson 2021, arXiv:2105.07576).
    /// </summary>
    public int? PreciseBatchNorm { get; init; }

    /// <summary>
    /// With several processes, whether batch norm takes its statistics over the images of all of them, as if one process had the whole
    /// batch; otherwise each process normalizes its own images. Parts of a few images need it. With a single process nothing changes.
    /// </summary>
    public bool SyncBatchNorm { get; init; }

    /// <summary>The seed of all randomness in the run. The draws of batch n depend only on the seed and n.</summary>
    public int Seed { get; init; }

    /// <summary>Losses are written to <c>metrics.jsonl</c> at every step that is a multiple of this, 1 or more.</summary>
    public int LogEverySteps { get; init; } = 10;

    /// <summary>How often <c>last.safetensors</c> is written within an epoch, and so the most work that can be lost if the process is
    /// killed. It is a time, since steps take from milliseconds to seconds. Zero writes at every step.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(5);
}
