namespace Vision.Data;

/// <summary>What a detector found in one image, the surest first. The arrays are of one length.</summary>
public sealed record Detections
{
    /// <summary>No detections.</summary>
    public static Detections None { get; } = new() { Boxes = [], Labels = [], Scores = [] };

    /// <summary>Boxes, xyxy in pixels of the image that was given to the model.</summary>
    public required Box[] Boxes { get; init; }

    /// <summary>Classes, 1..C.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Confidences in [0, 1], descending.</summary>
    public required float[] Scores { get; init; }

    /// <summary>The pixels of each, in the image that was given to the model; null where the model gives boxes alone.</summary>
    public RleMask[]? Masks { get; init; }

    /// <summary>The keypoints of each, in pixels of the image that was given to the model; null where the model gives none.</summary>
    public Keypoint[][]? Keypoints { get; init; }

    /// <summary>Which object of a video each is; null where nothing was tracked.</summary>
    public Track[]? Tracks { get; init; }

    /// <summary>How many there are.</summary>
    public int Count => Boxes.Length;

    /// <summary>Those with a score of at least <paramref name="minimum"/>.</summary>
    public Detections Above(float minimum) => First(Scores.TakeWhile(score => score >= minimum).Count());

    /// <summary>The surest <paramref name="count"/>, or all if there are fewer.</summary>
    public Detections First(int count) => count >= Count ? this
        : new() { Boxes = Boxes[..count], Labels = Labels[..count], Scores = Scores[..count], Masks = Masks?[..count], Keypoints = Keypoints?[..count], Tracks = Tracks?[..count] };
}
