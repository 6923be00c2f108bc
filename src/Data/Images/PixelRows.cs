using OpenCvSharp;

namespace Vision.Data;

/// <summary>Rows of an 8-bit RGB image as bytes: red, green, blue of each pixel.</summary>
internal static class PixelRows
{
    public static unsafe Span<byte> RowBytes(this Mat image, int y) => new((byte*)image.Data + y * image.Step(), 3 * image.Cols);

    /// <exception cref="ArgumentException">The image is of another kind.</exception>
    public static void RequireRgb8(this Mat image)
    {
        if (image.Type() != MatType.CV_8UC3)
            throw new ArgumentException($"An 8-bit image of 3 channels (RGB) is expected; this one is {image.Type()}. ImageFile.Read gives such images.", nameof(image));
    }
}
