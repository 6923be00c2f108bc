using OpenCvSharp;

namespace Vision.Data;

/// <summary>Mixings one after another, such as a mosaic and a mixup. All draw plain samples.</summary>
/// <param name="steps">In the order in which they are applied.</param>
public sealed class MixInTurn(params IReadOnlyList<ISampleMixing> steps) : ISampleMixing
{
    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random)
    {
        foreach (ISampleMixing step in steps) (image, targets) = step.Apply(image, targets, draw, random);
        return (image, targets);
    }
}
