using OpenCvSharp;

namespace Vision.Visualization.Tests;

/// <summary>Looks at images pixel by pixel.</summary>
internal static class Pixels
{
    public static Mat Plain(int width, int height, byte grey = 128) => new(height, width, MatType.CV_8UC3, Scalar.All(grey));

    public static Colour At(Mat image, int x, int y)
    {
        Vec3b pixel = image.Get<Vec3b>(y, x);
        return new Colour(pixel.Item0, pixel.Item1, pixel.Item2);
    }

    public static byte[] Bytes(Mat image) => image.AsSpan<byte>().ToArray();

    /// <summary>How many pixels have exactly this colour.</summary>
    public static int Count(Mat image, Colour colour) => Count(image, pixel => pixel == colour);

    /// <summary>How many pixels are so.</summary>
    public static int Count(Mat image, Func<Colour, bool> condition)
    {
        byte[] bytes = Bytes(image);
        int count = 0;
        for (int i = 0; i < bytes.Length; i += 3) if (condition(new Colour(bytes[i], bytes[i + 1], bytes[i + 2]))) count++;
        return count;
    }
}
