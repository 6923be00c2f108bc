namespace Vision.Data;

/// <summary>How pixels are weighted when an image is resized; both filters widen when shrinking, to avoid aliasing.</summary>
public enum ResizeFilter
{
    /// <summary>A triangle filter, which most published weights were trained and evaluated with.</summary>
    Bilinear,

    /// <summary>Keys' cubic filter with a = −½, used by EfficientNet, Swin and similar models.</summary>
    Bicubic,
}
