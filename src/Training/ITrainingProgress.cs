namespace Vision.Training;

/// <summary>Receives progress reports on the training thread, for example to show a progress bar.</summary>
public interface ITrainingProgress
{
    /// <summary>Called when training starts or resumes.</summary>
    /// <param name="firstStep">The number of steps done before; 0 for a new run.</param>
    /// <param name="totalSteps">The number of steps of the whole run.</param>
    void Started(int firstStep, int totalSteps);

    /// <summary>Called after each step.</summary>
    void Stepped(StepReport step);

    /// <summary>Called after each evaluated validation image.</summary>
    void Evaluating(int done, int total);

    /// <summary>Called after each epoch and its evaluation.</summary>
    void EpochEnded(EpochReport epoch);
}
