namespace Vision.Evaluation;

/// <summary>
/// How precisely people place each kind of keypoint: its standard deviation over the square root of the
/// object's area. An error of 2σ√area lowers the similarity to exp(−½).
/// </summary>
public static class KeypointSigmas
{
    /// <summary>COCO's, for its 17 points of a person from the nose to the right ankle.</summary>
    public static IReadOnlyList<double> Coco { get; } = [.026, .025, .025, .035, .035, .079, .079, .072, .072, .062, .062, .107, .107, .087,
        .087, .089, .089];

    /// <summary>COCO's for 17 points; for another number, 1 over that number for each.</summary>
    public static IReadOnlyList<double> Usual(int points) => points == Coco.Count ? Coco : [.. Enumerable.Repeat(1.0 / points, points)];

    /// <summary>What is to be said where the usual ones are not COCO's; null where they are.</summary>
    internal static string? NoteFor(int points) => points == Coco.Count || points == 0 ? null
        : FormattableString.Invariant($"COCO's keypoint sigmas are for {Coco.Count} points; of these {points}, each is taken as 1/{points}: ")
            + "figures are comparable among themselves alone.";
}
