using Vision.Data;

namespace Vision.Training;

/// <summary>An object of a training image in a failure capsule.</summary>
/// <param name="Label">Its class, 1..C.</param>
/// <param name="Box">xyxy, in pixels.</param>
/// <param name="Crowd">Whether it is a crowd.</param>
/// <param name="Area">In square pixels.</param>
/// <param name="Polygons">Its outlines; null if it has none.</param>
/// <param name="Runs">Its pixels in COCO's compressed form; null if it has none.</param>
/// <param name="Keypoints">x, y and visibility, one point after the other; null if it has none.</param>
internal sealed record CapsuleObject(int Label, float[] Box, bool Crowd, double Area, float[][]? Polygons, string? Runs, float[]? Keypoints)
{
    /// <summary>Describes an object.</summary>
    public static CapsuleObject Of(Annotation item) => new(item.Label, [item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2], item.IsCrowd,
        item.Area, item.Segment is { Runs: null } drawn ? [.. drawn.Polygons] : null, item.Segment?.Runs?.ToCompressed(),
        item.Keypoints is { } points ? [.. points.SelectMany(point => (float[])[point.X, point.Y, point.Visibility])] : null);

    /// <summary>The object, in an image of the given size.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public Annotation ToAnnotation(int id, int width, int height) =>
        Box is not { Length: 4 } || (Keypoints is { } list && list.Length % 3 != 0)
        ? throw new InputException("an object has no box of four numbers, or keypoints that are no triples")
        : new()
        {
            Id = id, Label = Label, Box = new(Box[0], Box[1], Box[2], Box[3]), IsCrowd = Crowd, Area = Area,
            Segment = Runs is not null ? new() { Runs = RleMask.FromCompressed(Runs, width, height) }
                : Polygons is not null ? new() { Polygons = Polygons } : null,
            Keypoints = Keypoints is null ? null : [.. Keypoints.Chunk(3).Select(part => new Keypoint(part[0], part[1], part[2]))],
        };
}
