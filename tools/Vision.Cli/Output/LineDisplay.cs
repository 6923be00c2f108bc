using System.Diagnostics;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Shows steps as log lines, one every half minute.</summary>
internal sealed class LineDisplay(TextWriter output) : IStepDisplay
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(30);
    private long shown = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Show(StepReport step, int totalSteps)
    {
        if (Stopwatch.GetElapsedTime(shown) < interval) return;
        shown = Stopwatch.GetTimestamp();
        output.WriteLine($"step {step.Step} of {totalSteps}  {StepText.Of(step)}");
    }

    /// <inheritdoc/>
    public void ShowEvaluation(int done, int total) { }
}
