namespace Vision.Data;

/// <summary>One object that a detector found in an image.</summary>
public sealed record Detection
{
    /// <summary>What it is.</summary>
    public required Category Category { get; init; }

    /// <summary>How sure the detector is, in [0, 1].</summary>
    public required float Score { get; init; }

    /// <summary>Where it is: xyxy in pixels of the image.</summary>
    public required Box Box { get; init; }

    /// <summary>Its pixels; null where the model gives boxes alone.</summary>
    public RleMask? Mask { get; init; }

    /// <summary>Its keypoints in pixels of the image, in the order of the category's names; null where the model gives none.</summary>
    public IReadOnlyList<Keypoint>? Keypoints { get; init; }

    /// <summary>Which object of a video it is; null where nothing was tracked.</summary>
    public Track? Track { get; init; }
}
