using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// The rows of an 8-bit RGB image as bytes: red, green, blue of each pixel. Create it once before a loop, since every property of a
/// <see cref="Mat"/> is a call into OpenCV; the image must outlive it.
/// </summary>
internal readonly unsafe ref struct PixelRows
{
    private readonly byte* first;
    private readonly long step;

    /// <exception cref="ArgumentException">The image is not 8-bit RGB.</exception>
    public PixelRows(Mat image)
    {
        image.RequireRgb8();
        first = (byte*)image.Data;
        (step, Width, Height) = (image.Step(), image.Cols, image.Rows);
    }

    /// <summary>Number of pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>A row, from 0: 3 × <see cref="Width"/> bytes.</summary>
    public Span<byte> this[int y] => new(first + y * step, 3 * Width);
}
