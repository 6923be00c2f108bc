using OpenCvSharp;

namespace Vision.Data;

/// <summary>Blends the image with another and keeps the objects of both (Zhang et al. 2019, arXiv:1902.04103). Neither image is scaled: the
/// canvas holds both.</summary>
public sealed record DetectionMixup : ISampleMixing
{
    /// <summary>The probability of applying it, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 0.5;

    /// <summary>Both parameters of the beta distribution from which the first image's share is drawn: the paper's 1.5, with which both
    /// images are usually well visible.</summary>
    public double Alpha { get; init; } = 1.5;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The image has a class map: a blended pixel would have two classes.</exception>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random)
    {
        if (targets.Map is not null)
            throw new NotSupportedException(
                "Mixup blends two classes in a pixel, but a segmentation map holds one; use a mosaic instead.");
        if (random.NextDouble() >= Chance) return (image, targets);
        double share = Beta.Sample(Alpha, random);
        (Mat other, Targets others) = draw(random);
        using (image)
        using (other)
        {
            int width = Math.Max(image.Width, other.Width), height = Math.Max(image.Height, other.Height);
            Mat mixed = Crop.Padded(image, 0, 0, width, height);
            using Mat second = Crop.Padded(other, 0, 0, width, height);
            float own = (float)share, rest = (float)(1 - share);
            PixelRows rows = new(mixed), secondRows = new(second);
            for (int y = 0; y < height; y++)
            {
                Span<byte> to = rows[y];
                ReadOnlySpan<byte> from = secondRows[y];
                for (int i = 0; i < to.Length; i++) to[i] = (byte)(own * to[i] + rest * from[i] + 0.5f);
            }
            Targets first = targets.Moved(width, height, AffineMap.Shift(0, 0));
            return (mixed, first with { Objects = [.. first.Objects, .. others.Moved(width, height, AffineMap.Shift(0, 0)).Objects] });
        }
    }
}
