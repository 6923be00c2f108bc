namespace Vision.Training;

/// <summary>The augmentation of a detector's training images.</summary>
public enum AugmentationKind
{
    /// <summary>No augmentation.</summary>
    None,

    /// <summary>Half of the images are flipped horizontally.</summary>
    Flip,

    /// <summary>SSD's augmentation: color distortion, zooming out, and IoU-based crops.</summary>
    Ssd,

    /// <summary>Large-scale jittering.</summary>
    Lsj,

    /// <summary>YOLO's mosaic of four images.</summary>
    Mosaic,

    /// <summary>A mosaic blended with another image.</summary>
    Mixup,

    /// <summary>Large-scale jittering, with objects of another image pasted in.</summary>
    CopyPaste,
}
