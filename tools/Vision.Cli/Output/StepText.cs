using System.Globalization;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Formats a training step.</summary>
internal static class StepText
{
    /// <summary>Such as <c>epoch 2  loss 0.8132  lr 0.0100  5.1 images/s  1:02:10 left</c>.</summary>
    public static string Of(StepReport step) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {step.Epoch}  loss {step.Loss:F4}  lr {step.LearningRate:0.0####}  {step.ImagesPerSecond:F1} images/s  " +
            $"{step.Remaining:h\\:mm\\:ss} left");
}
