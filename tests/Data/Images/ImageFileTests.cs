using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests.Images;

public sealed class ImageFileTests
{
    [Fact]
    public void ColorsComeAsRedGreenBlue()
    {
        using TempFolder folder = new();
        using Mat drawn = Pictures.Noise(7, 5, 1);
        using Mat read = ImageFile.Read(folder.Write("a.png", drawn.Encoded(".png")));
        Assert.Equal(drawn.Bytes(), read.Bytes());
    }

    // Where the upper left corner of the file's picture is seen when it is upright (CIPA DC-008, 4.6.4).
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(7, 1, 1)]
    [InlineData(8, 0, 1)]
    public void ExifOrientationIsApplied(byte orientation, int right, int down)
    {
        using TempFolder folder = new();
        using Mat drawn = Pictures.Plain(48, 32, Pictures.Gray);
        drawn[new Rect(0, 0, 16, 8)].SetTo(Pictures.Red);
        string file = folder.Write("photo.jpg", Pictures.WithOrientation(drawn.Encoded(".jpg"), orientation));

        using Mat read = ImageFile.Read(file);
        (int Width, int Height) upright = orientation >= 5 ? (32, 48) : (48, 32);
        Assert.Equal(upright, (read.Width, read.Height));
        Assert.Equal(upright, ImageFile.ReadSize(file));
        for (int x = 0; x < 2; x++)
        {
            for (int y = 0; y < 2; y++)
            {
                Vec3b corner = read.Get<Vec3b>(y == 0 ? 2 : read.Height - 3, x == 0 ? 2 : read.Width - 3);
                Assert.Equal((x, y) == (right, down), corner.Item0 > 150);
            }
        }
    }

    [Fact]
    public void GrayBecomesColor()
    {
        using TempFolder folder = new();
        using Mat gray = new(4, 6, MatType.CV_8UC1, new Scalar(77));
        Cv2.ImWrite(folder["gray.png"], gray);
        using Mat read = ImageFile.Read(folder["gray.png"]);
        Assert.Equal(MatType.CV_8UC3, read.Type());
        Assert.All(read.Bytes(), value => Assert.Equal(77, value));
    }

    [Fact]
    public void AlphaIsDropped()
    {
        using TempFolder folder = new();
        using Mat glass = new(4, 6, MatType.CV_8UC4, new Scalar(10, 20, 30, 128));     // blue, green, red, alpha
        Cv2.ImWrite(folder["glass.png"], glass);
        using Mat read = ImageFile.Read(folder["glass.png"]);
        Assert.Equal(new Vec3b(30, 20, 10), read.Get<Vec3b>(3, 5));
    }

    [Fact]
    public void SixteenBitsBecomeEight()
    {
        using TempFolder folder = new();
        using Mat deep = new(4, 6, MatType.CV_16UC3, new Scalar(0x1080, 0x2080, 0x3080));
        Cv2.ImWrite(folder["deep.png"], deep);
        using Mat read = ImageFile.Read(folder["deep.png"]);
        Assert.Equal(MatType.CV_8UC3, read.Type());
        Assert.Equal(new Vec3b(0x30, 0x20, 0x10), read.Get<Vec3b>(0, 0));
    }

    [SkippableFact]
    public void FilesOfOtherSoftwareAreRead()
    {
        using TempFolder folder = new();
        Peer.Run("data_images.py", folder.Path);
        foreach (string name in new[] { "cmyk.jpg", "palette.png", "progressive.jpg", "plain.webp", "turned.png", "turned.jpg" })
        {
            using Mat read = ImageFile.Read(folder[name]);
            Assert.Equal(name.StartsWith("turned", StringComparison.Ordinal) ? (32, 48) : (48, 32), (read.Width, read.Height));
            Assert.Equal((read.Width, read.Height), ImageFile.ReadSize(folder[name]));
            Vec3b color = read.Get<Vec3b>(20, 20);
            Assert.InRange(color.Item0, 197, 203);
            Assert.InRange(color.Item1, 37, 43);
            Assert.InRange(color.Item2, 87, 93);
        }
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.png")]
    [InlineData("a.bmp")]
    [InlineData("a.tiff")]
    [InlineData("a.webp")]
    public void TheSizeIsReadWithoutThePixels(string name)
    {
        using TempFolder folder = new();
        Assert.Equal((31, 17), ImageFile.ReadSize(folder.WritePlain(name, 31, 17)));
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.png")]
    public void ACutImageIsNamedWhereverItIsCut(string name)
    {
        using TempFolder folder = new();
        using Mat noise = Pictures.Noise(24, 16, 2);
        byte[] whole = noise.Encoded(Path.GetExtension(name));
        for (int length = 8; length < whole.Length; length += 37)
        {
            string file = folder.Write(name, whole.AsSpan(0, length));
            Assert.Equal(
                $"{file}: the image is truncated (it ends after {length} bytes without its end marker); copy it again or remove it.",
                Assert.Throws<InputException>(() => ImageFile.Read(file)).Message);
        }
    }

    [Fact]
    public void ACutJpegWithAThumbnailIsStillFoundCut()
    {
        using TempFolder folder = new();
        using Mat noise = Pictures.Noise(24, 16, 3);
        byte[] small = noise.Encoded(".jpg");
        int length = small.Length + 2;
        byte[] whole = [.. small[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. small, .. small[2..]];
        using Mat read = ImageFile.Read(folder.Write("whole.jpg", whole));
        string cut = folder.Write("cut.jpg", whole.AsSpan(0, whole.Length - 20));
        Assert.Contains("truncated", Assert.Throws<InputException>(() => ImageFile.Read(cut)).Message);
    }

    [Fact]
    public void BytesAfterTheEndMarkerAreNoFault()
    {
        using TempFolder folder = new();
        using Mat noise = Pictures.Noise(24, 16, 4);
        using Mat read = ImageFile.Read(folder.Write("a.jpg", [.. noise.Encoded(".jpg"), 0, 0, 0]));
        Assert.Equal(24, read.Width);
    }

    [Fact]
    public void WhatIsNoImageIsNamed()
    {
        using TempFolder folder = new();
        string text = folder.Write("a.jpg", "not an image"), empty = folder.Write("b.jpg", "");
        string[] messages = [
            $"{text}: not an image that can be decoded (JPEG, PNG, BMP, TIFF or WebP is expected); convert it or remove it.",
            $"{empty}: the file is empty; copy it again or remove it.",
            $"{folder["c.jpg"]}: no such image; check the path.",
            $"{folder.Path}: this is a folder; give an image.",
        ];
        string[] paths = [text, empty, folder["c.jpg"], folder.Path];
        foreach (var (path, message) in paths.Zip(messages))
        {
            Assert.Equal(message, Assert.Throws<InputException>(() => ImageFile.Read(path)).Message);
            Assert.Equal(message, Assert.Throws<InputException>(() => ImageFile.ReadSize(path)).Message);
        }
    }

    [Fact]
    public void AFolderIsListedByName()
    {
        using TempFolder folder = new();
        folder.WritePlain("b.png", 2, 2);
        folder.WritePlain("a.JPG", 2, 2);
        folder.Write("notes.txt", "");
        Assert.Equal([folder["a.JPG"], folder["b.png"]], ImageFile.InFolder(folder.Path));
    }

    [Fact]
    public void AFolderWithoutImagesIsNamed()
    {
        using TempFolder folder = new();
        folder.Write("notes.txt", "");
        Assert.Equal(
            $"{folder.Path}: no images in this folder (looked for .jpg .jpeg .png .bmp .tif .tiff .webp); give the folder that holds them.",
            Assert.Throws<InputException>(() => ImageFile.InFolder(folder.Path)).Message);
        Assert.Equal($"{folder["none"]}: no such folder; check the path.",
            Assert.Throws<InputException>(() => ImageFile.InFolder(folder["none"])).Message);
    }
}
