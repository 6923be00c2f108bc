namespace Vision.Data;

/// <summary>Which pixels of an image an object has: polygons, as people draw them, or runs where its data set gives these.</summary>
public sealed record Segment
{
    /// <summary>Outlines, each x1, y1, x2, y2, … in pixels; their union is the object. Empty where <see cref="Runs"/> are given.</summary>
    public IReadOnlyList<float[]> Polygons { get; init; } = [];

    /// <summary>The pixels; null where there are <see cref="Polygons"/>.</summary>
    public RleMask? Runs { get; init; }

    /// <summary>The same pixels in a changed image, cut to it: polygons are moved point by point, runs by
    /// their nearest pixels. Null where nothing is left.</summary>
    /// <param name="map">Where a point lies in the new image.</param>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    public Segment? Moved(AffineMap map, int width, int height) => SegmentMap.Moved(this, map, width, height).Segment;

    /// <summary>The pixels in an image of the given size.</summary>
    public RleMask ToMask(int width, int height) => Runs ?? RleMask.FromPolygons(Polygons, width, height);
}
