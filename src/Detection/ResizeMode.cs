namespace Vision.Detection;

/// <summary>How an image is resized to the sizes of <see cref="DetectorOptions"/>.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side becomes MinSize unless the longer side would exceed MaxSize;
    /// a batch is padded to its largest image.</summary>
    ShorterSide,

    /// <summary>The longer side becomes MaxSize; the image is padded to a square at the right and bottom.</summary>
    Letterbox,

    /// <summary>The image is stretched to a square of side MaxSize.</summary>
    Stretched,
}
