namespace Vision.Data;

/// <summary>The ground truth of one image: its size and its annotated objects, or the classes of its
/// pixels. An image without objects is a valid one.</summary>
public sealed record Targets
{
    /// <summary>The image's id in its data set.</summary>
    public required long ImageId { get; init; }

    /// <summary>The path of the image's file; messages name it.</summary>
    public required string File { get; init; }

    /// <summary>Width of the image in pixels, after EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the image in pixels, after EXIF orientation.</summary>
    public required int Height { get; init; }

    /// <summary>The objects, crowds among them.</summary>
    public IReadOnlyList<Annotation> Objects { get; init; } = [];

    /// <summary>The class of every pixel, of the image's size; null where the data set has none.</summary>
    public SegmentationMap? Map { get; init; }

    /// <summary>The part of the file that this image is; null for the whole file.</summary>
    public ImageWindow? Window { get; init; }

    /// <summary>The same objects and classes after their image was scaled, mirrored, turned or cut: cut to the new
    /// image, and dropped where too little is left of them.</summary>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    /// <param name="map">Where a point of this image lies in the new one; it may lie outside.</param>
    /// <param name="minVisible">The least part of an object, of its segment or else of its box, that has to be
    /// left, in [0, 1]. Without area an object never stays.</param>
    /// <remarks>
    /// Polygons are moved exactly, runs by their nearest pixels. A box goes with its corners; where it is cut or
    /// turned, or runs are scaled, it becomes the box around the segment. A keypoint that comes to lie outside counts
    /// as not annotated. Areas go with the map and the part that is left. Classes of pixels are those of the nearest
    /// pixels, and <see cref="SegmentationMap.Ignore"/> beside the old image.
    /// </remarks>
    public Targets Moved(int width, int height, AffineMap map, double minVisible = 0)
    {
        List<Annotation> moved = new(Objects.Count);
        foreach (Annotation item in Objects)
        {
            if (Moved(item, width, height, map, minVisible) is { } left) moved.Add(left);
        }
        return this with { Width = width, Height = height, Objects = moved, Map = Map?.Moved(map, width, height) };
    }

    private static Annotation? Moved(Annotation item, int width, int height, AffineMap map, double minVisible)
    {
        Box whole = map.Of(item.Box), box = whole.ClippedTo(width, height);
        if (!(box.Width > 0 && box.Height > 0)) return null;
        double visible = (double)box.Area / whole.Area;
        Segment? segment = null;
        if (item.Segment is not null)
        {
            (segment, visible) = SegmentMap.Moved(item.Segment, map, width, height);
            if (segment is null || SegmentMap.Bounds(segment) is not { } around) return null;
            // Scaled runs have whole pixels again.
            if (box != whole || !map.KeepsAxes || (segment.Runs is not null && map.AreaFactor != 1)) box = around.ClippedTo(width, height);
            if (!(box.Width > 0 && box.Height > 0)) return null;
        }
        if (visible < minVisible) return null;
        return item with
        {
            Box = box,
            Segment = segment,
            Keypoints = item.Keypoints is null ? null : [.. item.Keypoints.Select(point => Moved(point, width, height, map))],
            Area = item.Area * map.AreaFactor * visible,
        };
    }

    private static Keypoint Moved(Keypoint point, int width, int height, AffineMap map)
    {
        if (point.Visibility <= 0) return point;
        (double x, double y) = map.Of(point.X, point.Y);
        return x >= 0 && x <= width && y >= 0 && y <= height ? point with { X = (float)x, Y = (float)y } : default;
    }
}
