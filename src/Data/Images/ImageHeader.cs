using System.Buffers.Binary;

namespace Vision.Data;

/// <summary>Reads an image's size from its header, so that a data set of 100,000 images is checked in seconds.</summary>
internal static class ImageHeader
{
    /// <summary>The upright size, or null if only decoding can tell.</summary>
    public static (int Width, int Height)? ReadSize(Stream stream)
    {
        Span<byte> start = stackalloc byte[26];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        start = start[..read];
        stream.Position = 0;
        if (JpegFile.IsJpeg(start)) return JpegFile.ReadSize(stream);
        if (PngFile.IsPng(start)) return PngFile.ReadSize(stream);
        if (start.Length == 26 && start.StartsWith("BM"u8))
        {
            // A negative height means rows from top to bottom.
            int width = BinaryPrimitives.ReadInt32LittleEndian(start[18..]),
                height = Math.Abs(BinaryPrimitives.ReadInt32LittleEndian(start[22..]));
            int headerSize = BinaryPrimitives.ReadInt32LittleEndian(start[14..]);
            return headerSize >= 40 && width > 0 && height > 0 ? (width, height) : null;
        }
        return null;
    }
}
