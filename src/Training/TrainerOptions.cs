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

    /// <summary>
    /// The maximum norm of all gradients together, above 0; larger ones are scaled down to it. Null for no clipping, as in torchvision for
    /// the R-CNN family.
    /// </summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>
    /// Number of batches, 0 or more but at most an epoch's, from which the statistics of batch norms are recomputed before each evaluation;
    /// null or 0 keeps the running means. It stabilizes the metrics of small data sets (Wu and Johnson 2021, arXiv:2105.07576).
    /// </summary>
    public int? PreciseBatchNorm { get; init; }

    /// <summary>The seed of all randomness in the run. The draws of step n depend only on the seed and n.</summary>
    public int Seed { get; init; }

    /// <summary>Losses are written to <c>metrics.jsonl</c> at every step that is a multiple of this, 1 or more.</summary>
    public int LogEverySteps { get; init; } = 10;

    /// <summary>How often <c>last.safetensors</c> is written within an epoch, and so the most work that can be lost if the process is
    /// killed. It is a time, since steps take from milliseconds to seconds. Zero writes at every step.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(5);
}
