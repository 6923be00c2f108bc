namespace Vision.Evaluation;

/// <summary>
/// How precisely annotators place each kind of keypoint: its standard deviation divided by the square root of the object's area. An error
/// of 2σ√area lowers the similarity to exp(−½).
/// </summary>
internal static class KeypointSigmas
{
    /// <summary>COCO's sigmas for the 17 keypoints of a person, from the nose to the right ankle.</summary>
    public static IReadOnlyList<double> Coco { get; } =
        [.026, .025, .025, .035, .035, .079, .079, .072, .072, .062, .062, .107, .107, .087, .087, .089, .089];

    /// <summary>COCO's sigmas for 17 keypoints; for another number n, 1/n for each.</summary>
    public static IReadOnlyList<double> Usual(int points) => points == Coco.Count ? Coco : [.. Enumerable.Repeat(1.0 / points, points)];

    /// <summary>A remark if the default sigmas are not COCO's; null if they are.</summary>
    internal static string? NoteFor(int points) => points == Coco.Count || points == 0 ? null
        : FormattableString.Invariant(
            $"COCO's keypoint sigmas are for {Coco.Count} points; of these {points}, each is taken as 1/{points}: ")
            + "figures are comparable among themselves alone.";
}
