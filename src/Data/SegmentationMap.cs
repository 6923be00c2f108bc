namespace Vision.Data;

/// <summary>The class of every pixel of an image: ground truth, or what a model predicts.</summary>
/// <remarks>Classes are 0..C−1, places in the list of categories; <see cref="Ignore"/> is none of them.</remarks>
public sealed class SegmentationMap
{
    /// <summary>A pixel that has no class: neither learnt nor counted.</summary>
    public const byte Ignore = 255;

    /// <summary>Takes the values over.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="classes">Row by row, <paramref name="width"/> × <paramref name="height"/> values.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than pixels.</exception>
    public SegmentationMap(int width, int height, byte[] classes)
    {
        if (width < 0 || height < 0 || (long)width * height != classes.Length) throw new ArgumentException($"{classes.Length} values are no map of {width}×{height} pixels.", nameof(classes));
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
}
