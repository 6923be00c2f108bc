using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests;

/// <summary>Writes the masks that tests read.</summary>
internal static class Masks
{
    /// <summary>A grey PNG of numbers, given by their place.</summary>
    public static string WriteMask(this TempFolder folder, string name, int width, int height, Func<int, int, int> value) => folder.Write(name, Grey(width, height, value));

    /// <summary>An RGB PNG of colours, given by their place.</summary>
    public static string WriteColourMask(this TempFolder folder, string name, int width, int height, Func<int, int, (int Red, int Green, int Blue)> colour)
    {
        using Mat image = new(height, width, MatType.CV_8UC3);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) image.Set(y, x, colour(x, y) switch { var (red, green, blue) => new Vec3b((byte)red, (byte)green, (byte)blue) });
        return folder.Write(name, image.Encoded(".png"));
    }

    public static byte[] Grey(int width, int height, Func<int, int, int> value)
    {
        using Mat image = new(height, width, MatType.CV_8UC1);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) image.Set(y, x, (byte)value(x, y));
        Cv2.ImEncode(".png", image, out byte[] bytes);
        return bytes;
    }
}
