using OpenCvSharp;

namespace Vision.Data;

/// <summary>The raw contents of a mask file.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Values">Row by row: the number of each pixel, or its red, green and blue.</param>
/// <param name="IsColor">Whether there are three values per pixel.</param>
internal sealed record MaskPixels(int Width, int Height, byte[] Values, bool IsColor)
{
    private const int ColorTypeAt = 25;

    /// <summary>Reads a PNG file: palette and grayscale images as numbers, others as colors.</summary>
    /// <exception cref="InputException">The file is missing, damaged or not a PNG.</exception>
    public static MaskPixels Read(string path)
    {
        if (IsIndexed(path))
        {
            (byte[] values, int width, int height) = IndexPng.Read(path);
            return new(width, height, values, IsColor: false);
        }
        using Mat image = ImageFile.Read(path);
        PixelRows rows = new(image);
        byte[] colors = new byte[3 * rows.Width * rows.Height];
        for (int y = 0; y < rows.Height; y++) rows[y].CopyTo(colors.AsSpan(3 * y * rows.Width));
        return new(rows.Width, rows.Height, colors, IsColor: true);
    }

    /// <summary>The size of a mask, in pixels, from its header.</summary>
    /// <exception cref="InputException">The file is missing or not a PNG.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        IsIndexed(path);
        return ImageFile.ReadSize(path);
    }

    private static bool IsIndexed(string path)
    {
        Span<byte> start = stackalloc byte[ColorTypeAt + 1];
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the mask cannot be read ({exception.Message}); replace it by an intact PNG.", exception);
        }
        if (JpegFile.IsJpeg(start))
            throw new InputException(
                $"{path}: the mask is a JPEG, which changes the values of its pixels; save it as PNG from the tool it was drawn in.");
        if (!PngFile.IsPng(start) || start.Length <= ColorTypeAt)
            throw new InputException($"{path}: the mask is not a complete PNG file; save it as PNG.");
        return start[ColorTypeAt] is 0 or 3;
    }
}
