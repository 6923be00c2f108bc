namespace Vision.Data;

/// <summary>How pixels are weighed when an image is resized; both widen when shrinking, so that nothing aliases.</summary>
public enum ResizeFilter
{
    /// <summary>A triangle: what most published weights were trained and measured with.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = −½: what EfficientNet, Swin and their like were.</summary>
    Bicubic,
}
