using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

public class MaskOverlayTests
{
    private static readonly Color gray = new(128, 128, 128);
    private static readonly DetectionPainter painter = new([new(1, "cat"), new(2, "dog")]);

    [Fact]
    public void TheFillIsTranslucentAndTheContourClear()
    {
        using Mat image = Pixels.Plain(100, 80);
        MaskOverlay.Draw(image, Filled(100, 80, new Rect(20, 10, 50, 40)), 1, Palette.Of(2), 2);

        Color inside = Pixels.At(image, 45, 30), edge = Pixels.At(image, 21, 30);
        Assert.True(Distance(inside, gray) > 20, "The fill does not show.");
        Assert.True(Distance(inside, Palette.Of(2)) > 40, "The object does not show through.");
        Assert.True(Distance(edge, Palette.Of(2)) < Distance(inside, Palette.Of(2)) / 2, "The contour is not clearer than the fill.");
        foreach ((int x, int y) in new[] { (17, 30), (72, 30), (45, 7), (45, 52) }) Assert.Equal(gray, Pixels.At(image, x, y));
    }

    [Fact]
    public void EveryInsidePixelIsTouchedAndNoneFarOutside()
    {
        Random random = new(3);
        byte[] pixels = [.. Enumerable.Range(0, 60 * 50).Select(_ => (byte)random.Next(2))];
        using Mat image = Pixels.Plain(60, 50);
        MaskOverlay.Draw(image, RleMask.Encode(pixels, 60, 50), 1, Color.White, 1);
        for (int y = 0; y < 50; y++)
            for (int x = 0; x < 60; x++)
                if (pixels[y * 60 + x] == 1) Assert.NotEqual(gray, Pixels.At(image, x, y));

        using Mat corner = Pixels.Plain(60, 50);
        MaskOverlay.Draw(corner, Filled(60, 50, new Rect(0, 0, 5, 5)), 1, Color.White, 1);
        Assert.Equal(60 * 50 - 36, Pixels.Count(corner, gray));         // 25, and a soft edge of 11
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 40), InlineData(40, 1), InlineData(7, 5)]
    public void MasksOfWholeImagesAndOfNothing(int width, int height)
    {
        using Mat image = Pixels.Plain(width, height);
        MaskOverlay.Draw(image, Filled(width, height, new Rect(0, 0, 0, 0)), 1, Color.Black, 3);
        Assert.Equal(width * height, Pixels.Count(image, gray));
        MaskOverlay.Draw(image, Filled(width, height, new Rect(0, 0, width, height)), 1, Color.Black, 3);
        Assert.Equal(0, Pixels.Count(image, gray));
    }

    [Fact]
    public void AnEnlargedCopyHasAnEnlargedMask()
    {
        using Mat image = Pixels.Plain(50, 40);
        Detections found = new() { Boxes = [new(10, 10, 30, 30)], Labels = [1], Scores = [0.9f],
            Masks = [Filled(50, 40, new Rect(10, 10, 20, 20))] };
        using Mat painted = painter.Painted(image, found, enlargement: 4);
        Assert.NotEqual(gray, Pixels.At(painted, 80, 80));
        Assert.NotEqual(gray, Pixels.At(painted, 100, 110));
        Assert.Equal(gray, Pixels.At(painted, 140, 140));
    }

    [Fact]
    public void MasksOfAnnotationsAreDrawnToo()
    {
        using Mat image = Pixels.Plain(100, 100);
        painter.Draw(image, new Targets
        {
            ImageId = 1, File = "1.png", Width = 100, Height = 100,
            Objects = [new() { Id = 1, Box = new(10, 10, 90, 90), Label = 1, Area = 1,
                Segment = new() { Runs = Filled(100, 100, new Rect(40, 40, 20, 20)) } }],
        });
        Assert.NotEqual(gray, Pixels.At(image, 50, 50));
        Assert.Equal(gray, Pixels.At(image, 30, 50));
    }

    [Fact]
    public void AMaskOfAnotherImageIsRefused()
    {
        using Mat image = Pixels.Plain(100, 80);
        var error = Assert.Throws<ArgumentException>(() =>
            MaskOverlay.Draw(image, Filled(50, 80, new Rect(0, 0, 9, 9)), 1, Color.Black, 1));
        Assert.StartsWith("A mask belongs to an image of 50×80 pixels; this one has 100×80", error.Message);
    }

    private static RleMask Filled(int width, int height, Rect place)
    {
        byte[] pixels = new byte[width * height];
        for (int y = place.Top; y < place.Bottom; y++) pixels.AsSpan(y * width + place.Left, place.Width).Fill(1);
        return RleMask.Encode(pixels, width, height);
    }

    private static int Distance(Color a, Color b) => Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B);
}
