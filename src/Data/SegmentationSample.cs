using OpenCvSharp;

namespace Vision.Data;

/// <summary>An image and the file with the classes of its pixels, both read on demand. May be read from several threads at once.</summary>
public sealed record SegmentationSample
{
    /// <summary>The path of the image.</summary>
    public required string File { get; init; }

    /// <summary>The path of the mask, a PNG file.</summary>
    public required string MaskFile { get; init; }

    /// <summary>What the values of the mask mean.</summary>
    public required MaskValues Values { get; init; }

    /// <summary>Reads both.</summary>
    /// <returns>The image, 8-bit RGB, which the caller disposes, and the classes of its pixels.</returns>
    /// <exception cref="InputException">One of the files cannot be read,
    /// the mask holds values that are not classes, or their sizes differ.</exception>
    public (Mat Image, SegmentationMap Map) Read()
    {
        SegmentationMap map = ReadMap();
        Mat image = ImageFile.Read(File);
        if ((image.Width, image.Height) == (map.Width, map.Height)) return (image, map);
        using (image)
            throw new InputException(
                $"{File}: the image is {image.Width}×{image.Height}, but its mask {MaskFile} is {map.Width}×{map.Height}; draw the mask " +
                "at the image's size.");
    }

    /// <summary>Reads the mask alone.</summary>
    /// <exception cref="InputException">It cannot be read, or holds values that are not classes.</exception>
    public SegmentationMap ReadMap()
    {
        (SegmentationMap map, IReadOnlyDictionary<string, long> unknown) = Decode();
        return unknown.Count == 0 ? map
            : throw new InputException($"{File}: {Described(unknown)}; correct the mask or the list of classes.");
    }

    /// <summary>Values that are not classes, as text for messages.</summary>
    internal string Described(IReadOnlyDictionary<string, long> unknown) =>
        $"its mask {MaskFile} holds {MaskValues.Listed(unknown)}, which {(unknown.Count == 1 ? "is not a class" : "are not classes")}";

    /// <summary>The classes, and the number of pixels of each value that is not a class; these pixels are ignored.</summary>
    /// <exception cref="InputException">The mask cannot be read.</exception>
    internal (SegmentationMap Map, IReadOnlyDictionary<string, long> Unknown) Decode()
    {
        try
        {
            return Values.Decode(MaskPixels.Read(MaskFile));
        }
        catch (InputException exception)
        {
            throw new InputException($"{File}: its mask cannot be used: {exception.Message}", exception);
        }
    }
}
