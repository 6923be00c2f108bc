namespace Vision.Data;

/// <summary>The changes that <see cref="RandAugment"/> draws from.</summary>
internal enum AugmentKind
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
}
