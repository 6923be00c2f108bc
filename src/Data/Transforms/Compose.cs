using OpenCvSharp;

namespace Vision.Data;

/// <summary>Applies transforms one after another.</summary>
/// <param name="steps">The transforms in the order in which they are applied; may be empty.</param>
public sealed class Compose(params IReadOnlyList<IImageTransform> steps) : IImageTransform
{
    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        foreach (IImageTransform step in steps) (image, targets) = step.Apply(image, targets, random);
        return (image, targets);
    }
}
