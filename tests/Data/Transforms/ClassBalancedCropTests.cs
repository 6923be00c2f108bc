using OpenCvSharp;

namespace Vision.Data.Tests.Transforms;

public sealed class ClassBalancedCropTests
{
    /// <summary>A map whose image has the class in its red.</summary>
    private static (Mat Image, Targets Targets) Scene(int width, int height, Func<int, int, int> value)
    {
        byte[] classes = [.. Enumerable.Range(0, width * height).Select(at => (byte)value(at % width, at / width))];
        Mat image = new(height, width, MatType.CV_8UC3);
        for (int at = 0; at < classes.Length; at++) image.Set(at / width, at % width, new Vec3b(classes[at], 0, 0));
        return (image, new() { ImageId = 1, File = "drawn", Width = width, Height = height, Map = new(width, height, classes) });
    }

    private static (double Share, SegmentationMap Map) Cropped(ClassBalancedCrop crop, int seed, Func<int, int, int> value)
    {
        (Mat image, Targets targets) = Scene(120, 60, value);
        (image, targets) = crop.Apply(image, targets, new Random(seed));
        using (image)
        {
            Assert.Equal((crop.Width, crop.Height, crop.Width, crop.Height), (image.Width, image.Height, targets.Width, targets.Height));
            SegmentationMap map = targets.Map!;
            for (int at = 0; at < map.Classes.Length; at++)
            {
                byte own = map.Classes[at];
                Vec3b expected = own == SegmentationMap.Ignore && at % map.Width >= 120
                    ? new Vec3b(crop.Fill.Red, crop.Fill.Green, crop.Fill.Blue)
                    : new Vec3b(own, 0, 0);
                Assert.Equal(expected, image.Get<Vec3b>(at / map.Width, at % map.Width));
            }
            byte[] classified = [.. map.Classes.Where(own => own != SegmentationMap.Ignore)];
            return (classified.Length == 0 ? 1 : (double)classified.CountBy(own => own).Max(entry => entry.Value) / classified.Length, map);
        }
    }

    [Fact]
    public void NoClassFillsNearlyAllWhereThereIsAChoice()
    {
        // Half of the windows show one class alone.
        Func<int, int, int> value = (x, _) => x < 60 ? 0 : x / 10 % 3 + 1;
        ClassBalancedCrop crop = new() { Width = 32, Height = 32 };
        int poor = 0, drawnPoor = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            if (Cropped(crop, seed, value).Share > 0.75) poor++;
            if (Cropped(crop with { MaxShare = 1 }, seed, value).Share > 0.75) drawnPoor++;
        }
        Assert.InRange(drawnPoor, 60, 110);
        Assert.InRange(poor, 0, 3);
    }

    [Fact]
    public void IgnoredPixelsDoNotCount()
    {
        // Beyond the first columns everything is of two classes or of none.
        Func<int, int, int> value = (x, y) => x < 20 ? 0 : y % 8 > 0 ? 255 : x % 2 + 1;
        ClassBalancedCrop crop = new() { Width = 16, Height = 16 };
        for (int seed = 0; seed < 50; seed++) Assert.InRange(Cropped(crop, seed, value).Share, 0.3, 0.75);
    }

    [Fact]
    public void WhereThereIsNoChoiceSomeWindowIsTaken()
    {
        Assert.Equal(1, Cropped(new() { Width = 32, Height = 32 }, 0, (_, _) => 4).Share);
        Assert.Equal(1, Cropped(new() { Width = 32, Height = 32 }, 0, (_, _) => 255).Share);
    }

    [Fact]
    public void SmallImagesAreFilledUpAndIgnoredThere()
    {
        SegmentationMap map = Cropped(new() { Width = 130, Height = 50 }, 3, (x, _) => x % 7).Map;
        Assert.Equal(10 * 50, map.Classes.Count(own => own == SegmentationMap.Ignore));
        Assert.Equal((1, 255), (map[119 - 119 % 7 - 6, 0], map[120, 49]));
    }

    [Fact]
    public void TheSeedDecidesAndImagesWithoutMapsAreCutToo()
    {
        ClassBalancedCrop crop = new() { Width = 20, Height = 20 };
        Func<int, int, int> value = (x, y) => x / 9 + y / 7;
        Assert.Equal(Cropped(crop, 5, value).Map.Classes, Cropped(crop, 5, value).Map.Classes);
        Assert.NotEqual(Cropped(crop, 5, value).Map.Classes, Cropped(crop, 6, value).Map.Classes);

        (Mat image, Targets targets) = Scene(50, 40, value);
        (image, targets) = crop.Apply(image, targets with { Map = null }, new Random(0));
        using (image) Assert.Equal((20, 20, 20), (image.Width, image.Height, targets.Width));
        Assert.Null(targets.Map);
    }

    [Fact]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassBalancedCrop { Width = 9, Height = 9, MaxShare = 1.2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassBalancedCrop { Width = 9, Height = 9, Attempts = 0 });
    }
}
