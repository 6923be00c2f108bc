namespace Vision.Training;

/// <summary>How the training images of a detector are changed.</summary>
public enum AugmentationKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Half of the images are mirrored.</summary>
    Flip,

    /// <summary>SSD: colors, zooming out, and windows around objects.</summary>
    Ssd,

    /// <summary>Large-scale jittering.</summary>
    Lsj,

    /// <summary>YOLO: four images in one.</summary>
    Mosaic,

    /// <summary>A mosaic through which another image shines.</summary>
    Mixup,

    /// <summary>Large-scale jittering, and objects of another image pasted in.</summary>
    CopyPaste,
}
