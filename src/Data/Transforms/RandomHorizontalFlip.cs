using OpenCvSharp;

namespace Vision.Data;

/// <summary>Mirrors left and right.</summary>
public sealed class RandomHorizontalFlip : IImageTransform
{
    private readonly double probability;

    /// <summary>Sets the probability.</summary>
    /// <param name="probability">How often, in [0, 1]. A half, as everywhere in the field, shows both views equally often.</param>
    public RandomHorizontalFlip(double probability = 0.5)
    {
        if (probability is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        this.probability = probability;
    }

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        if (random.NextDouble() >= probability) return (image, targets);
        Cv2.Flip(image, image, FlipMode.Y);
        int width = targets.Width;
        return (image, targets.Moved(width, targets.Height, box => box with { X1 = width - box.X2, X2 = width - box.X1 }));
    }
}
