using OpenCvSharp;

namespace Vision.Data;

/// <summary>The class of every pixel of an image: ground truth, or what a model predicts.</summary>
/// <remarks>Classes are 0..C−1, places in the list of categories; <see cref="Ignore"/> is none of them.</remarks>
public sealed class SegmentationMap
{
    /// <summary>A pixel that has no class: neither learned nor counted.</summary>
    public const byte Ignore = 255;

    /// <summary>Takes the values over.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="classes">Row by row, <paramref name="width"/> × <paramref name="height"/> values.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than pixels.</exception>
    public SegmentationMap(int width, int height, byte[] classes)
    {
        if (width < 0 || height < 0 || (long)width * height != classes.Length)
            throw new ArgumentException($"{classes.Length} values are no map of {width}×{height} pixels.", nameof(classes));
        (Width, Height, Classes) = (width, height, classes);
    }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>The values, row by row. Not to be changed.</summary>
    public byte[] Classes { get; }

    /// <summary>The class at a pixel.</summary>
    public byte this[int x, int y] => Classes[y * Width + x];

    /// <summary>The same classes in a changed image: each pixel has that of the old pixel that its center falls
    /// into, and <see cref="Ignore"/> where there was none.</summary>
    /// <param name="map">Where a point lies in the new image.</param>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    public SegmentationMap Moved(AffineMap map, int width, int height) => MapWarp.Moved(this, map, width, height);

    /// <summary>A copy without classes in some places, which lie inside: what is hidden there is not to be learned either.</summary>
    internal SegmentationMap Hidden(params IEnumerable<Rect> places)
    {
        byte[] classes = [.. Classes];
        foreach (Rect place in places)
            for (int y = place.Top; y < place.Bottom; y++) classes.AsSpan(y * Width + place.X, place.Width).Fill(Ignore);
        return new(Width, Height, classes);
    }
}
