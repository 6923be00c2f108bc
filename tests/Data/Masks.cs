using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests;

/// <summary>Writes the masks that tests read.</summary>
internal static class Masks
{
    /// <summary>A gray PNG of numbers, given by their place.</summary>
    public static string WriteMask(this TempFolder folder, string name, int width, int height, Func<int, int, int> value) =>
        folder.Write(name, Gray(width, height, value));

    /// <summary>An RGB PNG of colors, given by their place.</summary>
    public static string WriteColorMask(this TempFolder folder, string name, int width, int height,
        Func<int, int, (int Red, int Green, int Blue)> color)
    {
        using Mat image = new(height, width, MatType.CV_8UC3);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                image.Set(y, x, color(x, y) switch { var (red, green, blue) => new Vec3b((byte)red, (byte)green, (byte)blue) });
        return folder.Write(name, image.Encoded(".png"));
    }

    public static byte[] Gray(int width, int height, Func<int, int, int> value)
    {
        using Mat image = new(height, width, MatType.CV_8UC1);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) image.Set(y, x, (byte)value(x, y));
        Cv2.ImEncode(".png", image, out byte[] bytes);
        return bytes;
    }
}
