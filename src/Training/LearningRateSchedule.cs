namespace Vision.Training;

/// <summary>The learning rate of every step of a run: a pure function of the step and of the metrics so far, so that a resumed run needs no
/// state for it.</summary>
public sealed class LearningRateSchedule
{
    private const double WarmupStart = 0.001, PolyPower = 0.9, CycleStart = 1.0 / 25, CycleEnd = CycleStart / 10_000;

    private readonly TrainerOptions options;
    private readonly double steps;
    private readonly int? warmup;
    private readonly double warmupPart;

    /// <summary>Creates the schedule of a run.</summary>
    /// <param name="options">The learning rate, the kind of schedule, warmup and milestones.</param>
    /// <param name="steps">The number of steps of the whole run; null if it is limited by time, so that nobody knows.</param>
    public LearningRateSchedule(TrainerOptions options, int? steps)
    {
        this.options = options;
        this.steps = steps ?? double.PositiveInfinity;
        bool isCycle = options.Schedule == ScheduleKind.OneCycle;
        warmup = options.WarmupSteps ?? (int?)(isCycle ? steps * 3L / 10 : steps is { } all ? Math.Min(1000, all / 10) : null);
        // Of unknown length, the fall begins after these parts of the time, or at once if the warmup is given in steps.
        warmupPart = warmup is { } rise ? rise / this.steps : isCycle ? 0.3 : 0.1;
    }

    /// <summary>The learning rate of a step, before the first evaluation.</summary>
    /// <param name="step">The step, starting at 0.</param>
    public double At(int step) => At(step, step / steps, []);

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step, starting at 0.</param>
    /// <param name="progress">The part of the run before it, in [0, 1].</param>
    /// <param name="scores">The main metric after each epoch, for <see cref="ScheduleKind.Plateau"/>.</param>
    public double At(int step, double progress, IReadOnlyList<double> scores)
    {
        double risen = warmup is { } rise ? step < rise ? (double)step / rise : 1
            : Math.Min(1, Math.Max(progress / warmupPart, options.Schedule == ScheduleKind.OneCycle ? 0 : step / 1000.0));
        double fallen = progress <= warmupPart ? 0 : (progress - warmupPart) / (1 - warmupPart);
        double factor = options.Schedule switch
        {
            ScheduleKind.MultiStep => Math.Pow(options.MilestoneFactor, options.Milestones.Count(part => progress >= Rounded(part))),
            ScheduleKind.Cosine => Between(0, 1, fallen),
            ScheduleKind.Poly => Math.Pow(1 - fallen, PolyPower),
            ScheduleKind.OneCycle => Between(CycleEnd, 1, fallen),
            ScheduleKind.Plateau => Math.Pow(options.MilestoneFactor, Plateaus(scores, options.PlateauPatience)),
            var kind => throw new ArgumentOutOfRangeException(nameof(options), kind, "No such schedule."),
        };
        double start = options.Schedule == ScheduleKind.OneCycle ? Between(CycleStart, 1, 1 - risen)
            : WarmupStart + (1 - WarmupStart) * risen;
        return options.LearningRate * start * factor;
    }

    /// <summary>The number of times that the metric did not improve for some epochs in a row, each of which is counted once.</summary>
    private static int Plateaus(IReadOnlyList<double> scores, int patience)
    {
        int plateaus = 0, waited = 0;
        double best = double.NegativeInfinity;
        foreach (double score in scores)
        {
            if (score > best) (best, waited) = (score, 0);
            else if (++waited == patience) (plateaus, waited) = (plateaus + 1, 0);
        }
        return plateaus;
    }

    /// <summary>Half a cosine from the top down.</summary>
    private static double Between(double bottom, double top, double t) => bottom + (top - bottom) * (1 + Math.Cos(Math.PI * t)) / 2;

    /// <summary>A part of the run, at the beginning of a step.</summary>
    private double Rounded(double part) => double.IsFinite(steps) ? Math.Round(part * steps) / steps : part;
}
