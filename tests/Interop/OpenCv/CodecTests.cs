using System.Text;
using OpenCvSharp;
using Vision.Testing;

namespace Vision.Interop.Tests.OpenCv;

public class CodecTests
{
    [Fact]
    public void DecodesKnownPixelsAsBgr()
    {
        byte[] ppm = [.. Encoding.ASCII.GetBytes("P6\n2 1\n255\n"), 255, 0, 10, 1, 2, 3];

        using Mat colour = Cv2.ImDecode(ppm, ImreadModes.Color), grey = Cv2.ImDecode(ppm, ImreadModes.Grayscale);

        Assert.Equal([new Vec3b(10, 0, 255), new Vec3b(3, 2, 1)], MatTests.Elements<Vec3b>(colour));
        // 0.299 R + 0.587 G + 0.114 B
        Assert.Equal([77, 2], MatTests.Elements<byte>(grey));
    }

    [Theory]
    [InlineData(".png", 0), InlineData(".bmp", 0), InlineData(".jpg", 6)]
    public void EncodesAndDecodes(string ending, int tolerance)
    {
        using Mat image = Gradient();

        Assert.True(Cv2.ImEncode(ending, image, out byte[] bytes));
        using Mat back = Cv2.ImDecode(bytes, ImreadModes.Color);
        using Mat difference = new();
        Cv2.Absdiff(image, back, difference);
        using Mat flat = Mat.FromPixelData(1, checked((int)difference.Total() * 3), MatType.CV_8UC1, difference.Data);
        Cv2.MinMaxLoc(flat, out _, out double largest);

        Assert.InRange(largest, 0, tolerance);
    }

    [Fact]
    public void QualityIsPassedOn()
    {
        using Mat image = Gradient();
        Cv2.ImEncode(".jpg", image, out byte[] fine, new ImageEncodingParam(ImwriteFlags.JpegQuality, 100));
        Cv2.ImEncode(".jpg", image, out byte[] coarse, new ImageEncodingParam(ImwriteFlags.JpegQuality, 10));
        Assert.True(coarse.Length < fine.Length * 2 / 3, $"{coarse.Length} and {fine.Length} bytes");
    }

    [Fact]
    public void WritesAndReadsFilesOfAnyName()
    {
        using TempFolder folder = new();
        using Mat image = Gradient();
        string path = folder["Bäume und 猫.png"];

        Assert.True(Cv2.ImWrite(path, image));
        using Mat back = Cv2.ImRead(path);

        Assert.Equal(MatTests.Elements<Vec3b>(image), MatTests.Elements<Vec3b>(back));
    }

    [Fact]
    public void WhatIsNoImageIsEmpty()
    {
        using Mat garbage = Cv2.ImDecode("no image at all"u8, ImreadModes.Color), missing = Cv2.ImRead("/no/such/image.png");
        Assert.True(garbage.Empty());
        Assert.True(missing.Empty());
        Assert.Throws<ArgumentException>(() => Cv2.ImDecode([], ImreadModes.Color));
    }

    [Fact]
    public void UnknownEndingThrowsOpenCvsError()
    {
        using Mat image = Gradient();
        OpenCVException error = Assert.Throws<OpenCVException>(() => Cv2.ImWrite("image.nothing", image));
        Assert.Contains("could not find a writer", error.Message);
    }

    private static Mat Gradient()
    {
        Mat image = new(32, 48, MatType.CV_8UC3);
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 48; x++) image.Set(y, x, new Vec3b((byte)(5 * x), (byte)(7 * y), (byte)(2 * (x + y))));
        return image;
    }
}
