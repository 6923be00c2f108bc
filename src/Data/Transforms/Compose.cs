using OpenCvSharp;

namespace Vision.Data;

/// <summary>Transforms one after another.</summary>
/// <param name="steps">In the order in which they are applied; none is allowed and changes nothing.</param>
public sealed class Compose(params IReadOnlyList<IImageTransform> steps) : IImageTransform
{
    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        foreach (IImageTransform step in steps) (image, targets) = step.Apply(image, targets, random);
        return (image, targets);
    }
}
