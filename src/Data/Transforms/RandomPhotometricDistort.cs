using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Changes brightness, contrast, saturation and hue and swaps channels, each with some probability (Howard 2013, arXiv:1312.5402; SSD's
/// training), drawn as in torchvision's references. The ground truth is unchanged.
/// </summary>
public sealed record RandomPhotometricDistort : IImageTransform
{
    private const double Brightness = 0.125, Contrast = 0.5, Saturation = 0.5, Hue = 0.05;

    /// <summary>The probability of each change, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 0.5;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        if (Now()) ColorAdjustment.Brightness(image, 1 + Between(Brightness));
        // Contrast is changed before or after the colors, with equal probability.
        bool before = random.Next(2) == 0;
        if (before && Now()) ColorAdjustment.Contrast(image, 1 + Between(Contrast));
        if (Now()) ColorAdjustment.Saturation(image, 1 + Between(Saturation));
        if (Now()) ColorAdjustment.Hue(image, Between(Hue));
        if (!before && Now()) ColorAdjustment.Contrast(image, 1 + Between(Contrast));
        if (Now()) Permute(image, random);
        return (image, targets);

        bool Now() => random.NextDouble() < Chance;
        double Between(double reach) => reach * (2 * random.NextDouble() - 1);
    }

    private static void Permute(Mat image, Random random)
    {
        int[] order = [0, 1, 2];
        random.Shuffle(order);
        PixelRows rows = new(image);
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            for (int i = 0; i < row.Length; i += 3)
                (row[i], row[i + 1], row[i + 2]) = (row[i + order[0]], row[i + order[1]], row[i + order[2]]);
        }
    }
}
