namespace Vision.Detection;

/// <summary>How an image is brought to the sizes of <see cref="DetectorOptions"/>.</summary>
public enum InputFit
{
    /// <summary>Its shorter side becomes MinSize unless its longer side would exceed MaxSize;
    /// a batch is padded to its largest image.</summary>
    ShorterSide,

    /// <summary>Its longer side becomes MaxSize; right of and below it, a square of that side is padded.</summary>
    Letterbox,

    /// <summary>It is stretched to a square of side MaxSize, whatever its shape.</summary>
    Stretched,
}
