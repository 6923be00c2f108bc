using OpenCvSharp;

namespace Vision.Data.Tests.Transforms;

/// <summary>Boxes go where their pixels go.</summary>
public sealed class GeometryTests
{
    private static Targets TargetsOf(Mat image, params Box[] boxes) => new()
    {
        ImageId = 1,
        File = "drawn",
        Width = image.Width,
        Height = image.Height,
        Objects = [.. boxes.Select((box, i) => new Annotation { Id = i, Box = box, Label = 1, Area = box.Area / 2 })],
    };

    /// <summary>A red rectangle on gray, and its box.</summary>
    private static (Mat Image, Targets Targets) Drawn(int width, int height, Rect place)
    {
        Mat image = Pictures.Plain(width, height, Pictures.Gray);
        image[place].SetTo(Pictures.Red);
        return (image, TargetsOf(image, new Box(place.X, place.Y, place.X + place.Width, place.Y + place.Height)));
    }

    /// <summary>The box of all red pixels.</summary>
    private static Box Found(Mat image)
    {
        int x1 = image.Width, y1 = image.Height, x2 = 0, y2 = 0;
        for (int y = 0, height = image.Height; y < height; y++)
        {
            for (int x = 0, width = image.Width; x < width; x++)
            {
                if (image.Get<Vec3b>(y, x) is not { Item0: > 155, Item1: < 55 }) continue;
                (x1, y1, x2, y2) = (Math.Min(x1, x), Math.Min(y1, y), Math.Max(x2, x + 1), Math.Max(y2, y + 1));
            }
        }
        return new(x1, y1, x2, y2);
    }

    private static void AssertNear(Box expected, Box actual, float tolerance)
    {
        Assert.Equal(expected.X1, actual.X1, tolerance);
        Assert.Equal(expected.Y1, actual.Y1, tolerance);
        Assert.Equal(expected.X2, actual.X2, tolerance);
        Assert.Equal(expected.Y2, actual.Y2, tolerance);
    }

    [Theory]
    [InlineData(0, 0, 10, 10)]
    [InlineData(31, 7, 20, 30)]
    [InlineData(80, 59, 11, 2)]
    public void AFlipTakesTheBoxAlong(int x, int y, int width, int height)
    {
        (Mat image, Targets targets) = Drawn(91, 61, new(x, y, width, height));
        (image, targets) = new RandomHorizontalFlip(1).Apply(image, targets, new Random(0));
        using (image) AssertNear(Found(image), targets.Objects[0].Box, 0);
        Assert.Equal(91 - x - width, targets.Objects[0].Box.X1);
    }

    [Fact]
    public void TwoFlipsAreNone()
    {
        Mat image = Pictures.Noise(13, 9, 1);
        byte[] before = image.Bytes();
        Targets targets = TargetsOf(image, new Box(1, 2, 5, 8), new Box(0, 0, 13, 9));
        Compose twice = new(new RandomHorizontalFlip(1), new RandomHorizontalFlip(1));
        (image, Targets back) = twice.Apply(image, targets, new Random(0));
        using (image) Assert.Equal(before, image.Bytes());
        Assert.Equal(targets.Objects, back.Objects);
    }

    [Fact]
    public void AboutHalfAreFlipped()
    {
        using Mat image = Pictures.Plain(4, 2, Pictures.Gray);
        Targets targets = TargetsOf(image, new Box(0, 0, 1, 1));
        RandomHorizontalFlip flip = new();
        Random random = new(0);
        int flipped = Enumerable.Range(0, 1000).Count(_ => flip.Apply(image, targets, random).Targets.Objects[0].Box.X1 == 3);
        Assert.InRange(flipped, 440, 560);
        Assert.Same(targets, new RandomHorizontalFlip(0).Apply(image, targets, random).Targets);
    }

    [Theory]
    [InlineData(200, 100, 50, 400, 100, 50)]     // the short side decides
    [InlineData(200, 100, 50, 80, 80, 40)]       // the long side decides
    [InlineData(100, 200, 300, 1000, 300, 600)]
    [InlineData(1000, 2, 50, 100, 100, 1)]       // no side vanishes
    public void TheSidesGetTheirLengths(int width, int height, int shortSide, int longSide, int newWidth, int newHeight)
    {
        Mat image = Pictures.Plain(width, height, Pictures.Gray);
        (Mat resized, Targets targets) = new Resize(shortSide, longSide).Apply(image, TargetsOf(image), new Random(0));
        using (resized) Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
        Assert.Equal((newWidth, newHeight), (targets.Width, targets.Height));
        Assert.True(image.IsDisposed);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(133)]
    [InlineData(240)]
    public void AResizeTakesTheBoxAlong(int shortSide)
    {
        (Mat image, Targets targets) = Drawn(160, 120, new(40, 30, 60, 45));
        (image, targets) = new Resize(shortSide, 1000).Apply(image, targets, new Random(0));
        using (image) AssertNear(Found(image), targets.Objects[0].Box, 0.75f);
        double scale = shortSide / 120.0;
        Assert.Equal(60 * 45 / 2.0 * scale * scale, targets.Objects[0].Area, 0.02 * 60 * 45 * scale * scale);
    }

    [Fact]
    public void ASizeThatIsRightIsLeft()
    {
        using Mat image = Pictures.Plain(20, 10, Pictures.Gray);
        Targets targets = TargetsOf(image, new Box(0, 0, 1, 1));
        Assert.Equal((image, targets), new Resize(10, 30).Apply(image, targets, new Random(0)));
    }

    [Fact]
    public void BoxesAreCutToTheImageAndVanishedOnesDropped()
    {
        using Mat image = Pictures.Plain(100, 50, Pictures.Gray);
        Targets targets = TargetsOf(image, new Box(0, 0, 20, 20), new Box(90, 10, 100, 30), new Box(0, 0, 5, 5));
        Targets moved = targets.Moved(100, 50, AffineMap.Shift(-10, 0));
        Assert.Equal([new Box(0, 0, 10, 20), new Box(80, 10, 90, 30)], moved.Objects.Select(item => item.Box));
        Assert.Equal([0L, 1L], moved.Objects.Select(item => item.Id));
        Assert.Equal([100.0, 100.0], moved.Objects.Select(item => item.Area));
    }

    [Fact]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(10, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter { Hue = 0.6 });
    }
}
