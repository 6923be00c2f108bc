using OpenCvSharp;

namespace Vision.Data;

/// <summary>Transforms one after another.</summary>
/// <param name="steps">In the order in which they are applied; none is allowed and changes nothing.</param>
public sealed class Compose(params IReadOnlyList<IDetectionTransform> steps) : IDetectionTransform
{
    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        foreach (IDetectionTransform step in steps) (image, targets) = step.Apply(image, targets, random);
        return (image, targets);
    }
}
