namespace Vision.Training;

/// <summary>The state of a run besides its weights and the optimizer's momenta.</summary>
internal sealed class TrainerState
{
    /// <summary>The number of epochs trained and evaluated.</summary>
    public int Epoch { get; set; }

    /// <summary>The number of steps done in the epoch after them.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>The losses of these steps.</summary>
    public LossMeans Losses { get; set; } = new();

    /// <summary>The best value of the main metric; null before the first evaluation.</summary>
    public double? Best { get; set; }
}
