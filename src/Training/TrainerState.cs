namespace Vision.Training;

/// <summary>Where a run stands, beside its weights and the optimizer's momenta.</summary>
internal sealed class TrainerState
{
    /// <summary>The epochs that are trained and evaluated.</summary>
    public int Epoch { get; set; }

    /// <summary>The steps done of the epoch after them.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>The losses of these steps.</summary>
    public LossMeans Losses { get; set; } = new();

    /// <summary>The best value of the main metric; null before the first evaluation.</summary>
    public double? Best { get; set; }
}
