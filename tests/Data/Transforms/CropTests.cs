using OpenCvSharp;

namespace Vision.Data.Tests.Transforms;

/// <summary>Random windows: their sizes, their places, and boxes that go along.</summary>
public sealed class CropTests
{
    private static Targets TargetsOf(Mat image, params Box[] boxes) => new()
    {
        ImageId = 0, File = "drawn", Width = image.Width, Height = image.Height,
        Objects = [.. boxes.Select(box => new Annotation { Id = 1, Box = box, Label = 1, Area = box.Area })],
    };

    [Fact]
    public void WindowsKeepToAreaRatioAndImage()
    {
        RandomResizedCrop crop = new() { Size = 24, MinArea = 0.2 };
        Random random = new(3);
        HashSet<Rect> seen = [];
        for (int i = 0; i < 500; i++)
        {
            Rect window = crop.Draw(200, 150, random);
            seen.Add(window);
            Assert.True(window is { X: >= 0, Y: >= 0 } && window.X + window.Width <= 200 && window.Y + window.Height <= 150);
            Assert.InRange(window.Width * window.Height, 0.2 * 200 * 150 * 0.97, 200 * 150);
            Assert.InRange((double)window.Width / window.Height, 0.73, 1.37);
        }
        Assert.True(seen.Count > 450);
    }

    [Theory]
    [InlineData(400, 10, 13, 10)]
    [InlineData(10, 400, 10, 13)]
    public void OfAnImageTooLongTheMiddleIsTaken(int width, int height, int expectedWidth, int expectedHeight)
    {
        Rect window = new RandomResizedCrop { Size = 8, MinArea = 1 }.Draw(width, height, new Random(0));
        Assert.Equal(new Rect((width - expectedWidth) / 2, (height - expectedHeight) / 2, expectedWidth, expectedHeight), window);
    }

    [Fact]
    public void AResizedCropTakesItsBoxesAlong()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Mat image = Pictures.Plain(90, 60, Pictures.Gray);
            image[new Rect(30, 20, 30, 20)].SetTo(Pictures.Red);
            (image, Targets targets) = new RandomResizedCrop { Size = 48, MinArea = 0.5 }.Apply(image,
                TargetsOf(image, new Box(30, 20, 60, 40)), new Random(seed));
            using (image)
            {
                Assert.Equal((48, 48, 48, 48), (image.Width, image.Height, targets.Width, targets.Height));
                Box box = targets.Objects[0].Box;
                Assert.True(image.Get<Vec3b>((int)(box.Y1 + box.Y2) / 2, (int)(box.X1 + box.X2) / 2).Item0 > 200);
                if (box.X1 > 3) Assert.True(image.Get<Vec3b>((int)(box.Y1 + box.Y2) / 2, (int)box.X1 - 3).Item0 < 100);
            }
        }
    }

    [Fact]
    public void APaddedCropShowsTheImageWhereTheBoxSaysAndBlackAround()
    {
        HashSet<(float, float)> places = [];
        for (int seed = 0; seed < 300; seed++)
        {
            Mat image = Pictures.Plain(32, 32, Pictures.Red);
            (image, Targets targets) = new RandomPaddedCrop(32, 4).Apply(image, TargetsOf(image, new Box(0, 0, 32, 32)), new Random(seed));
            using (image)
            {
                Assert.Equal((32, 32), (image.Width, image.Height));
                Box box = targets.Objects[0].Box;
                Assert.InRange(32 - box.Width, 0, 4);
                Assert.InRange(32 - box.Height, 0, 4);
                places.Add((box.X1 - (32 - box.X2), box.Y1 - (32 - box.Y2)));
                int red = Enumerable.Range(0, 32 * 32).Count(i => image.Get<Vec3b>(i / 32, i % 32).Item0 > 200);
                Assert.Equal(box.Area, red);
            }
        }
        // Nine offsets each way, all of which come up.
        Assert.Equal(81, places.Count);
    }

    [Fact]
    public void APaddedCropOfAnotherSizeScalesTheShortSide()
    {
        Mat image = Pictures.Noise(100, 50, 1);
        (image, Targets targets) = new RandomPaddedCrop(32, 0).Apply(image, TargetsOf(image, new Box(0, 0, 100, 50)), new Random(1));
        using (image) Assert.Equal((32, 32, 32, 32f), (image.Width, image.Height, targets.Width, targets.Objects[0].Box.Height));
    }

    [Fact]
    public void ErasingHidesAPartOfSomeImages()
    {
        RandomErasing erasing = new() { Probability = 0.5, Fill = (9, 8, 7) };
        int erased = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            using Mat image = erasing.Apply(Pictures.Plain(40, 30, Pictures.Red), TargetsOf(new Mat(30, 40, MatType.CV_8UC3)),
                new Random(seed)).Image;
            int hidden = Enumerable.Range(0, 1200).Count(i => image.Get<Vec3b>(i / 40, i % 40) is { Item0: 9, Item1: 8, Item2: 7 });
            if (hidden == 0) continue;
            erased++;
            Assert.InRange(hidden / 1200.0, 0.01, 0.36);
        }
        Assert.InRange(erased, 150, 250);
    }
}
