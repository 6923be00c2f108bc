namespace Vision.Training;

/// <summary>How far a run is: in steps, and in time if that is limited.</summary>
internal sealed class RunProgress
{
    private readonly TrainerOptions options;
    private readonly TrainerState state;
    private readonly TimeProvider clock;
    private readonly int stepsPerEpoch;
    private readonly long started;
    private readonly SpentTime before;

    /// <summary>Starts the clock.</summary>
    /// <param name="options">The numbers of epochs and of batches in a step, and the time budget.</param>
    /// <param name="batchesPerEpoch">The number of batches in an epoch.</param>
    /// <param name="state">The state of the run.</param>
    /// <param name="clock">Measures the time.</param>
    public RunProgress(TrainerOptions options, int batchesPerEpoch, TrainerState state, TimeProvider clock)
    {
        this.options = options;
        this.state = state;
        this.clock = clock;
        stepsPerEpoch = (batchesPerEpoch - 1) / options.Accumulate + 1;
        started = clock.GetTimestamp();
        before = state.Time ?? new(0, 0);
    }

    /// <summary>The number of steps done.</summary>
    public int Step => state.Epoch * stepsPerEpoch + (state.BatchInEpoch + options.Accumulate - 1) / options.Accumulate;

    /// <summary>The number of steps of the whole run; with a time budget, an estimate.</summary>
    public int TotalSteps => options.TimeBudget is null ? (int)Planned
        : (int)Math.Min(Math.Min(Planned, int.MaxValue), Math.Round(Step / Math.Clamp(Fraction, 1e-6, 1)));

    /// <summary>The part of the run that is done, from 0 to 1: of its steps or its time, whichever is further.</summary>
    public double Fraction => Math.Min(1, Math.Max(Step / Planned, TimeFraction));

    /// <summary>The part of the time budget that is spent, less what the last evaluation needs; 0 without a budget.</summary>
    public double TimeFraction
    {
        get
        {
            if (options.TimeBudget is not { } budget) return 0;
            double usable = budget.TotalSeconds - Spent.Evaluation;
            return usable <= 0 ? 1 : Spent.Total / usable;
        }
    }

    /// <summary>The rest of the time budget; null without a budget.</summary>
    public TimeSpan? TimeLeft => options.TimeBudget is { } budget
        ? TimeSpan.FromSeconds(Math.Max(0, budget.TotalSeconds - Spent.Total)) : null;

    private double Planned => (double)options.Epochs * stepsPerEpoch;

    private SpentTime Spent => new(before.Total + clock.GetElapsedTime(started).TotalSeconds, (state.Time ?? before).Evaluation);

    /// <summary>Notes the time spent in the state, if it is limited.</summary>
    /// <param name="evaluation">The time of an evaluation that ended just now.</param>
    public void Note(TimeSpan evaluation = default)
    {
        if (options.TimeBudget is not null)
            state.Time = Spent with { Evaluation = Math.Max(Spent.Evaluation, evaluation.TotalSeconds) };
    }

    /// <summary>The clock's time.</summary>
    public long Now() => clock.GetTimestamp();

    /// <summary>The time since <see cref="Now"/>.</summary>
    public TimeSpan Since(long start) => clock.GetElapsedTime(start);
}
