namespace Vision.Training;

/// <summary>Is told how a training goes, on the thread that trains; a progress bar, for instance.</summary>
public interface ITrainingProgress
{
    /// <summary>Training begins, or goes on.</summary>
    /// <param name="firstStep">The steps that were done in an earlier session; 0 for a new run.</param>
    /// <param name="totalSteps">The steps of the whole run.</param>
    void Started(int firstStep, int totalSteps);

    /// <summary>A step was done.</summary>
    void Stepped(StepReport step);

    /// <summary>An image of the validation set was evaluated.</summary>
    void Evaluating(int done, int total);

    /// <summary>An epoch was done and evaluated.</summary>
    void EpochEnded(EpochReport epoch);
}
