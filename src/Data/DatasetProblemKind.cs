namespace Vision.Data;

/// <summary>What can be wrong with a part of a data set that can be used otherwise.</summary>
public enum DatasetProblemKind
{
    /// <summary>An image that the annotations name is not there; left out.</summary>
    MissingImage,

    /// <summary>An image's file is empty, cut short or no image; left out.</summary>
    UnreadableImage,

    /// <summary>The annotations were made on an image of another size; left out, since its boxes cannot be trusted.</summary>
    SizeMismatch,

    /// <summary>An image that a split lists has no annotation file; left out, since nobody said that it is empty.</summary>
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

    /// <summary>A box lies wholly outside its image; left out.</summary>
    OutsideBox,

    /// <summary>A box reaches over its image's border by more than a pixel; cut to the image.</summary>
    ClippedBox,

    /// <summary>Two annotations have the same id; the later one was given a new id.</summary>
    RepeatedId,

    /// <summary>A file among the images that is none, or lies where no class can be told; left out.</summary>
    OddFile,

    /// <summary>The folder of a class holds no image that can be used.</summary>
    EmptyClass,

    /// <summary>A segment that cannot be used; left out, its object stays.</summary>
    BadSegment,

    /// <summary>Keypoints that cannot be used; left out, their object stays.</summary>
    BadKeypoints,

    /// <summary>Two objects of one class have the same box.</summary>
    DuplicateBox,

    /// <summary>Two files hold the same image.</summary>
    DuplicateImage,

    /// <summary>An image is turned by its EXIF orientation, and the annotations do not say of which size they are.</summary>
    TurnedImage,

    /// <summary>A class without a single object.</summary>
    UnusedClass,

    /// <summary>A class of few objects beside the most frequent one.</summary>
    RareClass,

    /// <summary>A segment and its box lie apart.</summary>
    SegmentBesideBox,

    /// <summary>Objects of a class whose boxes the model's anchors hardly meet.</summary>
    AnchorMisfit,

    /// <summary>What the values of masks mean was concluded from them, since no file says it.</summary>
    GuessedClasses,

    /// <summary>A mask holds values that are no class; its image is left out.</summary>
    UnknownValue,

    /// <summary>A mask has one class alone, or none.</summary>
    ConstantMask,

    /// <summary>Most pixels of the masks are ignored.</summary>
    MostlyIgnored,

    /// <summary>What a format cannot hold and a conversion therefore lost.</summary>
    LostInFormat,
}
