using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>A run in progress, as callbacks see and steer it.</summary>
public sealed class TrainingRun
{
    private readonly TrainerState state;
    private readonly RunProgress progress;
    private Dictionary<string, double> logged = [];

    internal TrainingRun(nn.Module model, RunFolder files, TrainerOptions options, TrainerState state, RunProgress progress)
    {
        Model = model;
        Files = files;
        Options = options;
        this.state = state;
        this.progress = progress;
    }

    /// <summary>The model.</summary>
    public nn.Module Model { get; }

    /// <summary>The files of the run.</summary>
    public RunFolder Files { get; }

    /// <summary>How it is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The number of epochs trained and evaluated.</summary>
    public int Epoch => state.Epoch;

    /// <summary>The number of steps done.</summary>
    public int Step => progress.Step;

    /// <summary>The number of steps of the whole run; with a time budget, an estimate.</summary>
    public int TotalSteps => progress.TotalSteps;

    /// <summary>The main metric after each epoch, higher is better; with averaged weights, the better of the two.</summary>
    public IReadOnlyList<double> Scores => state.Scores;

    /// <summary>A factor on the learning rate of all further steps, above 0; 1 at first. Checkpoints keep it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and finite.</exception>
    public double RateFactor
    {
        get => state.RateFactor;
        set => state.RateFactor = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A factor on the learning rate must be above 0.");
    }

    /// <summary>Texts by name that checkpoints keep, for callbacks that must know after a resume what they did before.</summary>
    public IDictionary<string, string> Memory => state.Memory;

    /// <summary>Adds a value to the next line of <c>metrics.jsonl</c>; the last one of a name counts.</summary>
    public void Log(string name, double value) => logged[name] = value;

    /// <summary>Ends the run after the current step, with an evaluation and a checkpoint, as if it were its last. A resume does not
    /// continue it.</summary>
    /// <param name="reason">Why, in words, for <see cref="TrainingResult.EndedBecause"/>.</param>
    public void Stop(string reason) => state.EndedBecause ??= reason;

    /// <summary>The logged values since the last line.</summary>
    internal IReadOnlyDictionary<string, double> Logged => logged;

    /// <summary>The logged values since the last call.</summary>
    internal IReadOnlyDictionary<string, double> TakeLogged()
    {
        var taken = logged;
        logged = [];
        return taken;
    }
}
