using System.Buffers.Binary;
using System.IO.Compression;

namespace Vision.Data;

/// <summary>PNG files whose values are indices rather than colors (ISO/IEC 15948), such as VOC's masks. OpenCV would replace the indices by
/// the palette's colors.</summary>
internal static class IndexPng
{
    /// <summary>The most that zlib's format can expand a byte to (RFC 1951: 258 bytes for 2 bits), rounded up.</summary>
    private const int MostExpansion = 1040;

    private static readonly byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The pixel values, row by row.</summary>
    /// <exception cref="InputException">The file is missing, damaged, or not a palette or grayscale PNG of up to 8 bits.</exception>
    public static (byte[] Values, int Width, int Height) Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InputException($"{path}: the mask cannot be read ({exception.Message}); replace it by an intact PNG.", exception);
        }
    }

    /// <summary>Encodes pixel values as a PNG file.</summary>
    /// <param name="values">The values, row by row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="colors">The colors of the first values; the others get VOC's colors.</param>
    public static byte[] Encode(byte[] values, int width, int height, IReadOnlyList<(byte Red, byte Green, byte Blue)>? colors = null)
    {
        byte[] palette = Palette();
        for (int i = 0; i < (colors?.Count ?? 0); i++) (palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]) = colors![i];
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3);
        using MemoryStream packed = new(), file = new();
        using (ZLibStream stream = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                stream.WriteByte(0);
                stream.Write(values, y * width, width);
            }
        }
        file.Write(signature);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "PLTE"u8, palette);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>VOC's color for a value.</summary>
    public static (byte Red, byte Green, byte Blue) ColorOf(byte value)
    {
        byte[] colors = Palette();
        return (colors[3 * value], colors[3 * value + 1], colors[3 * value + 2]);
    }

    // The bits of the number go to red, green and blue in turn, most significant first.
    private static byte[] Palette()
    {
        byte[] colors = new byte[3 * 256];
        for (int value = 0; value < 256; value++)
            for (int bit = 0; bit < 8; bit++) colors[3 * value + bit % 3] |= (byte)((value >> bit & 1) << 7 - bit / 3);
        return colors;
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content, Crc(type, uint.MaxValue)) ^ uint.MaxValue);
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return crc;
    }

    private static (byte[] Values, int Width, int Height) Parse(string path, byte[] file)
    {
        if (!PngFile.IsPng(file) || !PngFile.IsComplete(file)) throw new InvalidDataException("it is not a complete PNG file");
        int at = signature.Length, width = 0, height = 0, bits = 0;
        using MemoryStream packed = new();
        while (at + 12 <= file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12)
                throw new InvalidDataException($"one of its chunks claims {length} bytes, more than the file has");
            ReadOnlySpan<byte> type = file.AsSpan(at + 4, 4), content = file.AsSpan(at + 8, length);
            if (type.SequenceEqual("IHDR"u8))
            {
                if (length < 13) throw new InvalidDataException("its header is too short");
                (width, height, bits) =
                    (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]), content[8]);
                if (content[9] is not (0 or 3) || bits > 8 || content[12] != 0)
                    throw new InputException(
                        $"{path}: a mask must be a palette or grayscale PNG of at most 8 bits, not interlaced; this one " +
                        $"{(content[12] != 0 ? "is interlaced and " : "")}has color type {content[9]} of {bits} bits; save it that way.");
            }
            if (type.SequenceEqual("IDAT"u8)) packed.Write(content);
            if (type.SequenceEqual("IEND"u8)) break;      // anything after it is not part of the image
            at += 12 + length;
        }
        if (width <= 0 || height <= 0 || (long)width * height > Array.MaxLength)
            throw new InvalidDataException($"its header claims {width}×{height} pixels");
        // A header of a few bytes can claim millions of pixels, so check that the data exists before allocating memory.
        long needed = height * (1L + ((long)width * bits + 7) / 8);
        if (needed > MostExpansion * packed.Length)
            throw new InvalidDataException($"its header claims {width}×{height} pixels, which {packed.Length} bytes cannot hold");
        packed.Position = 0;
        using ZLibStream stream = new(packed, CompressionMode.Decompress);
        byte[] values = new byte[width * height], before = new byte[((long)width * bits + 7) / 8], row = new byte[before.Length];
        for (int y = 0; y < height; y++)
        {
            int filter = stream.ReadByte();
            stream.ReadExactly(row);
            Unfilter(filter, row, before);
            if (bits == 8) row.CopyTo(values, y * width);
            else
                for (int x = 0; x < width; x++)
                    values[y * width + x] = (byte)(row[x * bits / 8] >> 8 - bits - x * bits % 8 & (1 << bits) - 1);
            (row, before) = (before, row);
        }
        return (values, width, height);
    }

    private static void Unfilter(int filter, byte[] row, byte[] above)
    {
        int left = 0, corner = 0;
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = 0; i < row.Length; i++) row[i] = (byte)(left = (byte)(row[i] + left));
                break;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < row.Length; i++) row[i] = (byte)(left = (byte)(row[i] + (left + above[i]) / 2));
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = (byte)(left = (byte)(row[i] + Paeth(left, above[i], corner)));
                    corner = above[i];
                }
                break;
            default:
                throw new InvalidDataException($"it has the unknown filter {filter}");
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int sum = left + up - corner, a = Math.Abs(sum - left), b = Math.Abs(sum - up), c = Math.Abs(sum - corner);
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
