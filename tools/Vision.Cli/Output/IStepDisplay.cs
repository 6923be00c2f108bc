using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Where the steps of a training are shown as they go by.</summary>
internal interface IStepDisplay
{
    /// <summary>A step was done.</summary>
    void Show(StepReport step, int totalSteps);

    /// <summary>An image was evaluated.</summary>
    void ShowEvaluation(int done, int total);
}
