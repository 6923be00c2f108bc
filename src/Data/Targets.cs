namespace Vision.Data;

/// <summary>The ground truth of one image: its size and its annotated objects, or the classes of its pixels.
/// An image without objects is valid.</summary>
public sealed record Targets
{
    /// <summary>The image's id in its data set.</summary>
    public required long ImageId { get; init; }

    /// <summary>The path of the image's file, for messages.</summary>
    public required string File { get; init; }

    /// <summary>Width of the image in pixels, after EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the image in pixels, after EXIF orientation.</summary>
    public required int Height { get; init; }

    /// <summary>The objects, including crowds.</summary>
    public IReadOnlyList<Annotation> Objects { get; init; } = [];

    /// <summary>The class of every pixel, in the image's size; null if the data set has none.</summary>
    public SegmentationMap? Map { get; init; }

    /// <summary>The part of the file that this image is; null for the whole file.</summary>
    public ImageWindow? Window { get; init; }

    /// <summary>The ground truth after the image was scaled, mirrored, rotated or cropped: clipped to the new image, without objects of
    /// which too little is left.</summary>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    /// <param name="map">Maps a point of this image to the new one; it may lie outside.</param>
    /// <param name="minVisible">The minimum fraction of an object, of its segment or else of its box, that must remain, in [0, 1]. Objects
    /// without area are always dropped.</param>
    /// <remarks>
    /// Polygons are mapped exactly, runs by their nearest pixels. A box is mapped by its corners; if it is cut or rotated, or runs are
    /// scaled, it becomes the box around the segment. A keypoint that falls outside counts as not annotated. Areas scale with the map and
    /// the fraction that remains. Pixels get the class of the nearest pixel, or <see cref="SegmentationMap.Ignore"/> outside the old image.
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
            (segment, visible) = SegmentTransform.Moved(item.Segment, map, width, height);
            if (segment is null || SegmentTransform.Bounds(segment) is not { } around) return null;
            // Scaled runs consist of whole pixels again.
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
