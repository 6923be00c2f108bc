using OpenCvSharp;
using Vision.Testing;

namespace Vision.Data.Tests;

public sealed class MaskValuesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static SegmentationSample Sample(string mask, MaskValues values) => new() { File = "a.jpg", MaskFile = mask, Values = values };

    [Fact]
    public void NumbersBecomeClasses()
    {
        MaskValues values = new(new Dictionary<byte, byte> { [7] = 0, [8] = 1, [3] = SegmentationMap.Ignore });
        string mask = folder.WriteMask("a.png", 4, 1, (x, _) => new[] { 7, 8, 3, 255 }[x]);
        Assert.Equal([0, 1, 255, 255], Sample(mask, values).ReadMap().Classes);
        // A palette says the same as gray.
        folder.Write("a.png", IndexPng.Encode([7, 8, 3, 255], 2, 2));
        SegmentationMap map = Sample(mask, values).ReadMap();
        Assert.Equal((2, 2), (map.Width, map.Height));
        Assert.Equal([0, 1, 255, 255], map.Classes);
    }

    [Fact]
    public void ColorsBecomeClasses()
    {
        MaskValues values = new(new Dictionary<byte, byte>(),
            new Dictionary<(byte, byte, byte), byte> { [(128, 0, 64)] = 0, [(64, 0, 128)] = 1, [(0, 0, 0)] = SegmentationMap.Ignore });
        string mask = folder.WriteColorMask("a.png", 4, 2, (x, y) =>
            (x + y) switch { 0 or 3 => (128, 0, 64), 1 => (64, 0, 128), _ => default });
        Assert.Equal([0, 1, 255, 0, 1, 255, 0, 255], Sample(mask, values).ReadMap().Classes);
    }

    [Fact]
    public void GraysInColorAreNumbers()
    {
        string mask = folder.WriteColorMask("a.png", 3, 1, (x, _) => ((byte)x, (byte)x, (byte)x));
        Assert.Equal([0, 1, 2], Sample(mask, MaskValues.Plain(3)).ReadMap().Classes);
    }

    [Fact]
    public void ValuesThatAreNoClassAreNamed()
    {
        string mask = folder.WriteMask("a.png", 10, 1, (x, _) => x < 6 ? 12 : x < 7 ? 200 : 1);
        Assert.Equal(
            $"a.jpg: its mask {mask} holds 12 (6 pixels), 200 (1 pixel), which are not classes; " +
                "correct the mask or the list of classes.",
            Assert.Throws<InputException>(() => Sample(mask, MaskValues.Plain(3)).ReadMap()).Message);
        folder.WriteMask("a.png", 10, 1, (x, _) => 10 + x);
        Assert.Contains("19 (1 pixel)", Assert.Throws<InputException>(() => Sample(mask, MaskValues.Plain(15)).ReadMap()).Message);
        Assert.Contains(" and 5 more values", Assert.Throws<InputException>(() => Sample(mask, MaskValues.Plain(1)).ReadMap()).Message);

        folder.WriteColorMask("a.png", 3, 1, (x, _) => (9, 8, (byte)x));
        Assert.Equal($"a.jpg: its mask {mask} holds color 9,8,0 (1 pixel), which is not a class; " +
            "correct the mask or the list of classes.",
            Assert.Throws<InputException>(() => Sample(mask,
            new(new Dictionary<byte, byte>(), new Dictionary<(byte, byte, byte), byte> { [(9, 8, 1)] = 0, [(9, 8, 2)] = 0 }))
                .ReadMap()).Message);
        Assert.Contains("holds color 9,8,0", Assert.Throws<InputException>(() => Sample(mask, MaskValues.Plain(3)).ReadMap()).Message);
    }

    [Fact]
    public void FilesThatAreNoMasksAreNamedWithTheirImage()
    {
        using Mat gray = Pictures.Plain(4, 4, Pictures.Gray);
        byte[] png = Masks.Gray(4, 4, (_, _) => 0);
        using Mat deep = new(4, 4, MatType.CV_16UC1, new Scalar(3));
        Cv2.ImEncode(".png", deep, out byte[] deepPng);
        foreach (var (content, message) in new (byte[], string)[]
        {
            (gray.Encoded(".jpg"), "the mask is a JPEG, which changes the values of its pixels; save it as PNG from the tool it was " +
                "drawn in."),
            ([1, 2], "the mask is not a complete PNG file; save it as PNG."),
            (png[..^20], "the mask cannot be read (it is not a complete PNG file); replace it by an intact PNG."),
            (deepPng, "a mask must be a palette or grayscale PNG of at most 8 bits, not interlaced; this one has color type 0 of 16 " +
                "bits; save it that way."),
        })
        {
            string file = folder.Write("m.png", content);
            Assert.Equal($"a.jpg: its mask cannot be used: {file}: {message}",
                Assert.Throws<InputException>(() => Sample(file, MaskValues.Plain(1)).ReadMap()).Message);
        }
        string gone = folder["gone.png"];
        Assert.StartsWith($"a.jpg: its mask cannot be used: {gone}: the mask cannot be read (Could not find file",
            Assert.Throws<InputException>(() => Sample(gone, MaskValues.Plain(1)).ReadMap()).Message);
    }

    /// <summary>Whatever is wrong with a file, it is answered as a mistake in the data.</summary>
    [Fact]
    public void DamagedFilesAreAlwaysAnswered()
    {
        byte[] png = Masks.Gray(30, 20, (x, y) => x * y % 7);
        Random random = new(3);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. png];
            for (int j = 0; j < 3; j++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string file = folder.Write("m.png", damaged);
            try
            {
                Sample(file, MaskValues.Plain(255)).ReadMap();
            }
            catch (InputException)
            {
                // Said in one line.
            }
        }
    }
}
