using OpenCvSharp;

namespace Vision.Data;

/// <summary>The class of every pixel of an image: ground truth or a model's prediction.</summary>
/// <remarks>Values are 0..C−1, the indices in the list of categories, or <see cref="Ignore"/> for no class.</remarks>
public sealed class SegmentationMap
{
    /// <summary>The value of a pixel without a class: neither trained on nor counted in metrics.</summary>
    public const byte Ignore = 255;

    /// <summary>Creates a map that takes ownership of the values.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="classes">Row by row, <paramref name="width"/> × <paramref name="height"/> values.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than pixels.</exception>
    public SegmentationMap(int width, int height, byte[] classes)
    {
        if (width < 0 || height < 0 || (long)width * height != classes.Length)
            throw new ArgumentException($"There are {classes.Length} values; expected {width}×{height}.", nameof(classes));
        (Width, Height, Classes) = (width, height, classes);
    }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>The values, row by row. Do not change them.</summary>
    public byte[] Classes { get; }

    /// <summary>The class at a pixel.</summary>
    public byte this[int x, int y] => Classes[y * Width + x];

    /// <summary>The map of a transformed image: each pixel gets the class of the old pixel that its center falls into, or
    /// <see cref="Ignore"/> outside the old image.</summary>
    /// <param name="map">Maps a point to the new image.</param>
    /// <param name="width">Width of the new image in pixels.</param>
    /// <param name="height">Height of the new image in pixels.</param>
    public SegmentationMap Moved(AffineMap map, int width, int height) => MapTransform.Moved(this, map, width, height);

    /// <summary>A copy with the given areas, which lie inside the map, set to <see cref="Ignore"/>:
    /// hidden pixels are not trained on.</summary>
    internal SegmentationMap Hidden(params IEnumerable<Rect> places)
    {
        byte[] classes = [.. Classes];
        foreach (Rect place in places)
            for (int y = place.Top; y < place.Bottom; y++) classes.AsSpan(y * Width + place.X, place.Width).Fill(Ignore);
        return new(Width, Height, classes);
    }
}
