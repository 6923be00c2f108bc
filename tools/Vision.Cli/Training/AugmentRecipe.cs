namespace Vision.Cli.Training;

/// <summary>What is done to a detector's training images, by the name of the recipe that it comes from.</summary>
internal enum AugmentRecipe
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Half of the images are mirrored.</summary>
    Flip,

    /// <summary>SSD: colours, zooming out, and windows around objects.</summary>
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
