namespace Vision.Training;

/// <summary>The learning rate of every step of a run: a pure function of the step, so that a resumed run needs no state for it.</summary>
public sealed class LearningRateSchedule
{
    private const double WarmupStart = 0.001, PolyPower = 0.9;

    private readonly TrainerOptions options;
    private readonly int steps;
    private readonly int warmup;
    private readonly int[] milestones;

    /// <summary>Creates the schedule of a run.</summary>
    /// <param name="options">The learning rate, the kind of schedule, warmup and milestones.</param>
    /// <param name="steps">The number of steps of the whole run.</param>
    public LearningRateSchedule(TrainerOptions options, int steps)
    {
        this.options = options;
        this.steps = steps;
        warmup = options.WarmupSteps ?? Math.Min(1000, steps / 10);
        milestones = [.. options.Milestones.Select(part => (int)Math.Round(part * steps))];
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step, starting at 0.</param>
    public double At(int step)
    {
        double rise = step < warmup ? WarmupStart + (1 - WarmupStart) * step / warmup : 1;
        double fall = options.Schedule switch
        {
            ScheduleKind.MultiStep => Math.Pow(options.MilestoneFactor, milestones.Count(milestone => step >= milestone)),
            ScheduleKind.Cosine => step < warmup ? 1 : (1 + Math.Cos(Math.PI * (step - warmup) / (steps - warmup))) / 2,
            ScheduleKind.Poly => step < warmup ? 1 : Math.Pow(1 - (double)(step - warmup) / (steps - warmup), PolyPower),
            var kind => throw new ArgumentOutOfRangeException(nameof(options), kind, "No such schedule."),
        };
        return options.LearningRate * rise * fall;
    }
}
