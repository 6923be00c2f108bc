namespace Vision.Data;

/// <summary>One object that a detector found in an image.</summary>
public sealed record Detection
{
    /// <summary>Its class.</summary>
    public required Category Category { get; init; }

    /// <summary>The detector's confidence, in [0, 1].</summary>
    public required float Score { get; init; }

    /// <summary>Its box, xyxy in pixels of the image.</summary>
    public required Box Box { get; init; }

    /// <summary>Its pixels; null if the model predicts only boxes.</summary>
    public RleMask? Mask { get; init; }

    /// <summary>Its keypoints in pixels of the image, in the order of the category's names; null if the model predicts none.</summary>
    public IReadOnlyList<Keypoint>? Keypoints { get; init; }

    /// <summary>The track that it belongs to in a video; null without tracking.</summary>
    public Track? Track { get; init; }
}
