namespace Vision.Training;

/// <summary>How to train. The defaults are torchvision's recipe for detectors, save that lengths are relative to the run's.</summary>
public sealed record TrainerOptions
{
    /// <summary>The folder of the run, which receives the checkpoints and the metrics; made where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Go on with the run that is in <see cref="Folder"/> exactly where its last checkpoint stands.
    /// Without it, a folder that holds a run is refused.</summary>
    public bool Resume { get; init; }

    /// <summary>How many times the training set is gone through, 1 or more. 12 is the field's "1×" for detectors.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>How gradients become steps.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>
    /// The rate after warm-up, above 0. 0.01 suits SGD at batches of about 8 images (torchvision takes 0.02 at 16; it grows with the
    /// batch); AdamW wants about 0.0001.
    /// </summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>
    /// What the rate is multiplied with for the backbone's parameters, above 0 and at most 1: less than 1 where they come from good
    /// weights and only the last layers are new.
    /// </summary>
    public double BackboneRateFactor { get; init; } = 1;

    /// <summary>SGD's momentum, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Pull of every parameter towards 0, 0 or more; norms and biases included, as in torchvision.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>
    /// Steps, 0 or more, over which the rate rises linearly from a thousandth, since a fresh head's first gradients are large. Null takes
    /// a tenth of the run, at most 1000 steps.
    /// </summary>
    public int? WarmupSteps { get; init; }

    /// <summary>How the rate falls after warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.MultiStep;

    /// <summary>
    /// Where <see cref="ScheduleKind.MultiStep"/> lowers the rate, as parts of the run, above 0. The default is epochs 8 and 10 of 12.
    /// </summary>
    public IReadOnlyList<double> Milestones { get; init; } = [2.0 / 3, 5.0 / 6];

    /// <summary>What the rate is multiplied with at a milestone, above 0 and at most 1.</summary>
    public double MilestoneFactor { get; init; } = 0.1;

    /// <summary>
    /// The largest norm of all gradients together, above 0; longer ones are shortened to it. Null leaves them, as torchvision does for
    /// the R-CNN family.
    /// </summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>
    /// Batches, 0 or more, over which the statistics of batch norms are computed anew before each evaluation, an epoch's at most; null or
    /// 0 leaves the running means. It steadies the figures of small data sets (Wu and Johnson 2021, arXiv:2105.07576).
    /// </summary>
    public int? PreciseBatchNorm { get; init; }

    /// <summary>The seed of everything random in the run. What step n draws depends on the seed and n alone.</summary>
    public int Seed { get; init; }

    /// <summary>Losses go to <c>metrics.jsonl</c> at every step that is a multiple of this, 1 or more.</summary>
    public int LogEverySteps { get; init; } = 10;

    /// <summary>How often <c>last.safetensors</c> is written within an epoch, and so the most that a kill can cost. A time, since steps
    /// take from milliseconds to seconds. Zero writes at every step.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(5);
}
