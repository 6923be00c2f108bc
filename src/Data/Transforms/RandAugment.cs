using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Some of fourteen changes of place, color and tone, drawn at random, all of one strength (Cubuk et al. 2019,
/// arXiv:1909.13719); by torchvision's definitions. Boxes go along.
/// </summary>
public sealed record RandAugment : IImageTransform
{
    private const int Bins = 31;

    /// <summary>Changes of each image, one after another: 2, the paper's choice for ImageNet.</summary>
    public int Count { get; init; } = 2;

    /// <summary>The strength, 0 to 30: 9, the paper's choice for ImageNet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public int Magnitude
    {
        get;
        init => field = value is >= 0 and < Bins
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The strength lies between 0 and 30.");
    } = 9;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        for (int i = 0; i < Count; i++)
        {
            AugmentKind kind = (AugmentKind)random.Next(Enum.GetValues<AugmentKind>().Length);
            double strength = Strength(kind, image.Width, image.Height);
            if (IsSigned(kind) && random.Next(2) == 1) strength = -strength;
            (image, targets) = Change(kind, strength, image, targets);
        }
        return (image, targets);
    }

    /// <summary>What a change makes of an image, which is taken over.</summary>
    internal static (Mat Image, Targets Targets) Change(AugmentKind kind, double strength, Mat image, Targets targets)
    {
        switch (kind)
        {
            case AugmentKind.ShearX: return AffineMap.ShearX(strength).Apply(image, targets);
            case AugmentKind.ShearY: return AffineMap.ShearY(strength).Apply(image, targets);
            case AugmentKind.TranslateX: return AffineMap.Shift((int)strength, 0).Apply(image, targets);
            case AugmentKind.TranslateY: return AffineMap.Shift(0, (int)strength).Apply(image, targets);
            case AugmentKind.Rotate: return AffineMap.Turn(strength).About(image.Width / 2.0, image.Height / 2.0).Apply(image, targets);
            case AugmentKind.Brightness: ColorAdjustment.Brightness(image, 1 + strength); break;
            case AugmentKind.Color: ColorAdjustment.Saturation(image, 1 + strength); break;
            case AugmentKind.Contrast: ColorAdjustment.Contrast(image, 1 + strength); break;
            case AugmentKind.Sharpness: ToneAdjustment.Sharpness(image, 1 + strength); break;
            case AugmentKind.Posterize: ToneAdjustment.Posterize(image, (int)strength); break;
            case AugmentKind.Solarize: ToneAdjustment.Solarize(image, strength); break;
            case AugmentKind.AutoContrast: ToneAdjustment.AutoContrast(image); break;
            case AugmentKind.Equalize: ToneAdjustment.Equalize(image); break;
        }
        return (image, targets);
    }

    /// <summary>What the common strength is for a change, in its own unit.</summary>
    internal double Strength(AugmentKind kind, int width, int height)
    {
        double part = Magnitude / (Bins - 1.0);
        return kind switch
        {
            AugmentKind.ShearX or AugmentKind.ShearY => 0.3 * part,
            AugmentKind.TranslateX => 150.0 / 331 * width * part,
            AugmentKind.TranslateY => 150.0 / 331 * height * part,
            AugmentKind.Rotate => 30 * part,
            AugmentKind.Brightness or AugmentKind.Color or AugmentKind.Contrast or AugmentKind.Sharpness => 0.9 * part,
            AugmentKind.Posterize => 8 - Math.Round(4 * part),
            AugmentKind.Solarize => 255 * (1 - part),
            _ => 0,
        };
    }

    private static bool IsSigned(AugmentKind kind) => kind is >= AugmentKind.ShearX and <= AugmentKind.Sharpness;
}
