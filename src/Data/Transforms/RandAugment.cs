using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Applies randomly drawn operations out of fourteen geometric, color and tone changes, all with the same magnitude (Cubuk et al. 2019,
/// arXiv:1909.13719), as defined by torchvision. Boxes are transformed with the image.
/// </summary>
public sealed record RandAugment : IImageTransform
{
    private const int Bins = 31;

    /// <summary>The number of operations per image: 2, the paper's choice for ImageNet.</summary>
    public int Count { get; init; } = 2;

    /// <summary>The magnitude, 0 to 30: 9, the paper's choice for ImageNet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside this range.</exception>
    public int Magnitude
    {
        get;
        init => field = value is >= 0 and < Bins
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The magnitude must be between 0 and 30.");
    } = 9;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        for (int i = 0; i < Count; i++)
        {
            RandAugmentOperation kind = (RandAugmentOperation)random.Next(Enum.GetValues<RandAugmentOperation>().Length);
            double strength = Strength(kind, image.Width, image.Height);
            if (IsSigned(kind) && random.Next(2) == 1) strength = -strength;
            (image, targets) = Change(kind, strength, image, targets);
        }
        return (image, targets);
    }

    /// <summary>Applies an operation to an image, of which it takes ownership.</summary>
    internal static (Mat Image, Targets Targets) Change(RandAugmentOperation kind, double strength, Mat image, Targets targets)
    {
        switch (kind)
        {
            case RandAugmentOperation.ShearX: return AffineMap.ShearX(strength).Apply(image, targets);
            case RandAugmentOperation.ShearY: return AffineMap.ShearY(strength).Apply(image, targets);
            case RandAugmentOperation.TranslateX: return AffineMap.Shift((int)strength, 0).Apply(image, targets);
            case RandAugmentOperation.TranslateY: return AffineMap.Shift(0, (int)strength).Apply(image, targets);
            case RandAugmentOperation.Rotate: return AffineMap.Turn(strength)
                .About(image.Width / 2.0, image.Height / 2.0).Apply(image, targets);
            case RandAugmentOperation.Brightness: ColorAdjustment.Brightness(image, 1 + strength); break;
            case RandAugmentOperation.Color: ColorAdjustment.Saturation(image, 1 + strength); break;
            case RandAugmentOperation.Contrast: ColorAdjustment.Contrast(image, 1 + strength); break;
            case RandAugmentOperation.Sharpness: ToneAdjustment.Sharpness(image, 1 + strength); break;
            case RandAugmentOperation.Posterize: ToneAdjustment.Posterize(image, (int)strength); break;
            case RandAugmentOperation.Solarize: ToneAdjustment.Solarize(image, strength); break;
            case RandAugmentOperation.AutoContrast: ToneAdjustment.AutoContrast(image); break;
            case RandAugmentOperation.Equalize: ToneAdjustment.Equalize(image); break;
        }
        return (image, targets);
    }

    /// <summary>The magnitude converted to an operation's own unit.</summary>
    internal double Strength(RandAugmentOperation kind, int width, int height)
    {
        double part = Magnitude / (Bins - 1.0);
        return kind switch
        {
            RandAugmentOperation.ShearX or RandAugmentOperation.ShearY => 0.3 * part,
            RandAugmentOperation.TranslateX => 150.0 / 331 * width * part,
            RandAugmentOperation.TranslateY => 150.0 / 331 * height * part,
            RandAugmentOperation.Rotate => 30 * part,
            RandAugmentOperation.Brightness or RandAugmentOperation.Color or RandAugmentOperation.Contrast
                or RandAugmentOperation.Sharpness => 0.9 * part,
            RandAugmentOperation.Posterize => 8 - Math.Round(4 * part),
            RandAugmentOperation.Solarize => 255 * (1 - part),
            _ => 0,
        };
    }

    private static bool IsSigned(RandAugmentOperation kind) => kind is >= RandAugmentOperation.ShearX and <= RandAugmentOperation.Sharpness;
}
