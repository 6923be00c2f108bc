namespace Vision.Data;

/// <summary>One annotated object of an image.</summary>
public sealed record Annotation
{
    /// <summary>The annotation's id in its file; unique in a data set.</summary>
    public required long Id { get; init; }

    /// <summary>Its box, xyxy in pixels of the image.</summary>
    public required Box Box { get; init; }

    /// <summary>Its class, 1..C.</summary>
    public required int Label { get; init; }

    /// <summary>True for a region of many objects ("crowd" in COCO, "difficult" in VOC): not trained
    /// on, and neither a hit nor a miss in evaluation.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>Its area in square pixels as the data set states it (COCO's is the segment's area, not the box's); evaluation uses it to
    /// sort objects into small, medium and large.</summary>
    public required double Area { get; init; }

    /// <summary>Its pixels; null if the data set has only boxes.</summary>
    public Segment? Segment { get; init; }

    /// <summary>Its keypoints, in the order of its category's names; null if the data set has none.</summary>
    public IReadOnlyList<Keypoint>? Keypoints { get; init; }
}
