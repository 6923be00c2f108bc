using OpenCvSharp;

namespace Vision.Visualization.Tests;

/// <summary>Looks at images pixel by pixel.</summary>
internal static class Pixels
{
    public static Mat Plain(int width, int height, byte gray = 128) => new(height, width, MatType.CV_8UC3, Scalar.All(gray));

    public static Color At(Mat image, int x, int y)
    {
        Vec3b pixel = image.Get<Vec3b>(y, x);
        return new Color(pixel.Item0, pixel.Item1, pixel.Item2);
    }

    public static byte[] Bytes(Mat image) => image.AsSpan<byte>().ToArray();

    /// <summary>How many pixels have exactly this color.</summary>
    public static int Count(Mat image, Color color) => Count(image, pixel => pixel == color);

    /// <summary>How many pixels are so.</summary>
    public static int Count(Mat image, Func<Color, bool> condition)
    {
        byte[] bytes = Bytes(image);
        int count = 0;
        for (int i = 0; i < bytes.Length; i += 3) if (condition(new Color(bytes[i], bytes[i + 1], bytes[i + 2]))) count++;
        return count;
    }
}
