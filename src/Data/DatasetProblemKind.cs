namespace Vision.Data;

/// <summary>What can be wrong with part of a data set; the rest can still be used.</summary>
public enum DatasetProblemKind
{
    /// <summary>An image named by the annotations does not exist; left out.</summary>
    MissingImage,

    /// <summary>An image file is empty, truncated or not an image; left out.</summary>
    UnreadableImage,

    /// <summary>The annotations were made on an image of another size; left out, since its boxes cannot be trusted.</summary>
    SizeMismatch,

    /// <summary>An image that a split lists has no annotation file; left out, since nothing states that it has no objects.</summary>
    MissingAnnotations,

    /// <summary>An annotation file cannot be parsed; its image is left out.</summary>
    UnreadableAnnotations,

    /// <summary>An object lacks its class or its box; left out.</summary>
    MissingField,

    /// <summary>An object's class is not among the known ones; left out.</summary>
    UnknownClass,

    /// <summary>An annotation belongs to an image that is not listed; left out.</summary>
    UnknownImage,

    /// <summary>A box has no width or no height; left out.</summary>
    DegenerateBox,

    /// <summary>A box lies entirely outside its image; left out.</summary>
    OutsideBox,

    /// <summary>A box extends beyond its image by more than a pixel; clipped to the image.</summary>
    ClippedBox,

    /// <summary>Two annotations have the same id; the later one was given a new id.</summary>
    RepeatedId,

    /// <summary>A file among the images that is not an image, or that lies outside the class folders; left out.</summary>
    OddFile,

    /// <summary>The folder of a class holds no usable image.</summary>
    EmptyClass,

    /// <summary>An unusable segment; left out, while its object is kept.</summary>
    BadSegment,

    /// <summary>Unusable keypoints; left out, while their object is kept.</summary>
    BadKeypoints,

    /// <summary>Two objects of one class have the same box.</summary>
    DuplicateBox,

    /// <summary>Two files hold the same image.</summary>
    DuplicateImage,

    /// <summary>EXIF orientation rotates an image, and the annotations do not state the image size that they refer to.</summary>
    TurnedImage,

    /// <summary>A class without a single object.</summary>
    UnusedClass,

    /// <summary>A class with few objects compared to the most frequent one.</summary>
    RareClass,

    /// <summary>A segment and its box do not match.</summary>
    SegmentBesideBox,

    /// <summary>A class whose boxes the model's anchors hardly overlap.</summary>
    AnchorMisfit,

    /// <summary>The meaning of mask values was inferred from the masks, since no file defines it.</summary>
    GuessedClasses,

    /// <summary>A mask holds values that are not classes; its image is left out.</summary>
    UnknownValue,

    /// <summary>A mask has only one class, or none.</summary>
    ConstantMask,

    /// <summary>Most pixels of the masks are ignored.</summary>
    MostlyIgnored,

    /// <summary>Data that the target format of a conversion cannot hold; lost or changed.</summary>
    LostInFormat,
}
