using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests;

/// <summary>Makes the images that tests read. Colors are red, green, blue.</summary>
internal static class Pictures
{
    public static readonly Scalar Red = new(220, 20, 30), Gray = new(90, 90, 90);

    public static Mat Plain(int width, int height, Scalar color) => new(height, width, MatType.CV_8UC3, color);

    /// <summary>Colors that change from pixel to pixel, the same for the same seed.</summary>
    public static Mat Noise(int width, int height, int seed)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        byte[] values = new byte[3 * width * height];
        new Random(seed).NextBytes(values);
        values.CopyTo(image.AsSpan<byte>());
        return image;
    }

    /// <summary>The pixels as bytes: red, green, blue, row after row.</summary>
    public static byte[] Bytes(this Mat image) => image.AsSpan<byte>().ToArray();

    public static byte[] Encoded(this Mat image, string extension)
    {
        using Mat blueFirst = new();
        Cv2.CvtColor(image, blueFirst, ColorConversionCodes.RGB2BGR);
        Cv2.ImEncode(extension, blueFirst, out byte[] bytes);
        return bytes;
    }

    /// <summary>Writes a plain image; its ending decides the kind.</summary>
    public static string WritePlain(this TempFolder folder, string name, int width, int height)
    {
        using Mat image = Plain(width, height, Gray);
        return folder.Write(name, image.Encoded(Path.GetExtension(name)));
    }

    /// <summary>The same JPEG with an EXIF segment of one entry, the orientation, after its start marker.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        int length = 2 + 6 + tiff.Length;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];
    }
}
