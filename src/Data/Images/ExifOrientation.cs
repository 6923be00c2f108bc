using System.Buffers.Binary;

namespace Vision.Data;

/// <summary>The orientation tag of EXIF (CIPA DC-008): how a camera was held.</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112;

    /// <summary>The orientation 1..8 in a JPEG's APP1 segment (5 and above: width and height are swapped), or 1 if it has none.</summary>
    public static int Of(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8)) return 1;
        ReadOnlySpan<byte> tiff = segment[6..];
        if (tiff.Length < 8) return 1;
        bool little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return 1;

        uint directory = Int32(tiff[4..], little);
        if (directory > tiff.Length - 2) return 1;
        int entries = Int16(tiff[(int)directory..], little);
        for (int i = 0; i < entries; i++)
        {
            long at = directory + 2 + 12L * i;
            if (at + 12 > tiff.Length) return 1;
            ReadOnlySpan<byte> entry = tiff[(int)at..];
            if (Int16(entry, little) == Tag) return Int16(entry[8..], little) is var value and >= 1 and <= 8 ? value : 1;
        }
        return 1;
    }

    private static ushort Int16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Int32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
