using OpenCvSharp;

namespace Vision.Data;

/// <summary>Applies several mixings one after another, such as a mosaic and mixup. All of them draw unmixed samples.</summary>
/// <param name="steps">The mixings in the order in which they are applied.</param>
public sealed class SequentialMixing(params IReadOnlyList<ISampleMixing> steps) : ISampleMixing
{
    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random)
    {
        foreach (ISampleMixing step in steps) (image, targets) = step.Apply(image, targets, draw, random);
        return (image, targets);
    }
}
