using Spectre.Console;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Shows steps as a bar on a terminal.</summary>
internal sealed class BarDisplay(ProgressContext context) : IStepDisplay
{
    private readonly ProgressTask bar = context.AddTask("starting");

    /// <inheritdoc/>
    public void Show(StepReport step, int totalSteps) => Set(StepText.Of(step), step.Step, totalSteps);

    /// <inheritdoc/>
    public void ShowEvaluation(int done, int total) => Set($"evaluating, image {done} of {total}", done, total);

    private void Set(string text, int done, int total)
    {
        bar.Description = Markup.Escape(text);
        bar.MaxValue = total;
        bar.Value = done;
        // A full bar would count as finished, and the next epoch's steps would not be drawn.
        if (done == total) bar.Value = total - 0.001;
    }
}
