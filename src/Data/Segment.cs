namespace Vision.Data;

/// <summary>The pixels of an object: polygons, as annotators draw them, or runs if its data set stores those.</summary>
public sealed record Segment
{
    /// <summary>Outlines, each x1, y1, x2, y2, … in pixels; their union is the object. Empty if <see cref="Runs"/> is given.</summary>
    public IReadOnlyList<float[]> Polygons { get; init; } = [];

    /// <summary>The pixels; null if there are <see cref="Polygons"/>.</summary>
    public RleMask? Runs { get; init; }

    /// <summary>The segment in a transformed image, clipped to it: polygons are mapped point by point, runs by their nearest pixels. Null
    /// if nothing is left.</summary>
    /// <param name="map">Maps a point to the new image.</param>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    public Segment? Moved(AffineMap map, int width, int height) => SegmentTransform.Moved(this, map, width, height).Segment;

    /// <summary>The pixels in an image of the given size.</summary>
    public RleMask ToMask(int width, int height) => Runs ?? RleMask.FromPolygons(Polygons, width, height);
}
