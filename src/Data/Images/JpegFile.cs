using System.Buffers.Binary;

namespace Vision.Data;

/// <summary>Reads the markers of a JPEG file (ITU-T T.81, annex B) without decoding its pixels.</summary>
internal static class JpegFile
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1;

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    /// <summary>Whether the end marker is present. An EXIF thumbnail has its own, so segments are skipped, not searched.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (at < file.Length)
        {
            int marker = file[at..].IndexOf((byte)0xFF);
            if (marker < 0 || at + marker + 1 >= file.Length) return false;
            at += marker + 1;
            byte code = file[at];
            if (code == EndOfImage) return true;
            if (code == 0xFF) continue;
            at += 1;
            if (StandsAlone(code)) continue;
            if (at + 2 > file.Length) return false;
            at += BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        }
        return false;
    }

    /// <summary>The upright size, or null if there is no frame header.</summary>
    public static (int Width, int Height)? ReadSize(Stream stream) =>
        ReadFrame(stream) is not { } frame ? null : frame.Orientation >= 5 ? (frame.Height, frame.Width) : (frame.Width, frame.Height);

    /// <summary>The size as stored, and the EXIF orientation 1..8; null if there is no frame header.</summary>
    public static (int Width, int Height, int Orientation)? ReadFrame(Stream stream)
    {
        int orientation = 1;
        Span<byte> head = stackalloc byte[4];
        Span<byte> frame = stackalloc byte[5];
        stream.Position = 2;
        while (Fill(stream, head))
        {
            if (head[0] != 0xFF) return null;
            byte code = head[1];
            if (code == 0xFF || StandsAlone(code))
            {
                stream.Position -= code == 0xFF ? 3 : 2;
                continue;
            }
            if (code is StartOfScan or EndOfImage) return null;
            int length = BinaryPrimitives.ReadUInt16BigEndian(head[2..]) - 2;
            if (length < 0) return null;
            long next = stream.Position + length;

            if (IsFrame(code))
            {
                if (!Fill(stream, frame)) return null;
                int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
                if (width == 0 || height == 0) return null;
                return (width, height, orientation);
            }
            if (code == App1 && orientation == 1)
            {
                byte[] segment = new byte[length];
                if (!Fill(stream, segment)) return null;
                orientation = ExifOrientation.Of(segment);
            }
            stream.Position = next;
        }
        return null;
    }

    // Stuffed zeros, restart markers, the start of the image and TEM have no length field.
    private static bool StandsAlone(byte code) => code is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8);

    // SOF0..SOF15, except DHT, JPG and DAC, which lie between them.
    private static bool IsFrame(byte code) => code is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool Fill(Stream stream, Span<byte> buffer) =>
        stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
}
