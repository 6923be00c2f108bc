using System.Buffers.Binary;

namespace Vision.Data;

/// <summary>Reads the chunks of a PNG file (ISO/IEC 15948) without decoding its pixels.</summary>
internal static class PngFile
{
    private const int SignatureLength = 8, ChunkOverhead = 12;

    public static bool IsPng(ReadOnlySpan<byte> file) =>
        file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    /// <summary>Whether all chunks up to the end chunk are present.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        long at = SignatureLength;
        while (at + ChunkOverhead <= file.Length)
        {
            ReadOnlySpan<byte> chunk = file[(int)at..];
            at += ChunkOverhead + BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("IEND"u8)) return at <= file.Length;
        }
        return false;
    }

    /// <summary>The upright size; null if an eXIf chunk may rotate the image, or there is no header chunk.</summary>
    public static (int Width, int Height)? ReadSize(Stream stream)
    {
        Span<byte> chunk = stackalloc byte[16];
        (int Width, int Height)? size = null;
        stream.Position = SignatureLength;
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            ReadOnlySpan<byte> type = chunk[4..8];
            if (type.SequenceEqual("eXIf"u8)) return null;
            if (type.SequenceEqual("IDAT"u8)) return size;
            if (type.SequenceEqual("IHDR"u8))
                size = (BinaryPrimitives.ReadInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadInt32BigEndian(chunk[12..]));
            stream.Position += ChunkOverhead + BinaryPrimitives.ReadUInt32BigEndian(chunk) - chunk.Length;
        }
        return null;
    }
}
