using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Displays the steps of a training run.</summary>
internal interface IStepDisplay
{
    /// <summary>Shows a completed step.</summary>
    void Show(StepReport step, int totalSteps);

    /// <summary>Shows the progress of an evaluation.</summary>
    void ShowEvaluation(int done, int total);
}
