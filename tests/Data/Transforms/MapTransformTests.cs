using OpenCvSharp;

namespace Vision.Data.Tests.Transforms;

/// <summary>An image whose colors are its classes: after every transform, colors and map still say the same.</summary>
public sealed class MapTransformTests
{
    private const int Width = 91, Height = 64;

    // Far from each other, and from black and the grays that transforms fill with.
    private static readonly Vec3b[] colors =
        [new(230, 20, 20), new(20, 230, 20), new(20, 20, 230), new(230, 230, 20), new(20, 230, 230), new(230, 20, 230)];

    /// <summary>Ellipses of several classes on a ground of class 0, one object to aim at, and a
    /// corner that nobody has classified, which is black.</summary>
    private static (Mat Image, Targets Targets) Scene(int seed)
    {
        Random random = new(seed);
        byte[] classes = new byte[Width * Height];
        for (int i = 1; i < colors.Length; i++)
        {
            (double x, double y, double across, double down) =
                (random.Next(Width), random.Next(Height), random.Next(9, 25), random.Next(9, 25));
            for (int at = 0; at < classes.Length; at++)
                if (Math.Pow((at % Width - x) / across, 2) + Math.Pow((at / Width - y) / down, 2) < 1) classes[at] = (byte)i;
        }
        for (int at = 0; at < classes.Length; at++)
            if (at % Width < 12 && at / Width < 9) classes[at] = SegmentationMap.Ignore;
        Mat image = new(Height, Width, MatType.CV_8UC3);
        for (int at = 0; at < classes.Length; at++)
            image.Set(at / Width, at % Width, classes[at] == SegmentationMap.Ignore ? default : colors[classes[at]]);
        return (image, new()
        {
            ImageId = seed, File = $"scene {seed}", Width = Width, Height = Height, Map = new(Width, Height, classes),
            Objects = [new() { Id = 1, Label = 1, Box = new(30, 10, 70, 50), Area = 1600,
                Segment = new() { Polygons = [[30, 10, 70, 10, 70, 50, 30, 50]] } }],
        });
    }

    public static TheoryData<string> Names =>
    [
        "none", "flip", "two flips", "resize", "enlarge", "jitter", "crop", "padded crop", "balanced crop", "iou", "zoom", "cutout",
        "erase", "resized crop", "center crop", "small center crop", "margin",
        "turn", "shear", "push", "translate", "lower", "mosaic", "mosaic in turn", "paste", "jittered paste", "recipe",
    ];

    private static (Mat Image, Targets Targets) Apply(string name, int seed)
    {
        (Mat image, Targets targets) = Scene(seed);
        Random random = new(seed);
        IImageTransform flip = new RandomHorizontalFlip(1), jitter = new ScaleJitter { Width = 90, Height = 90, Least = 0.5, Greatest = 2 },
            crop = new FixedSizeCrop { Width = 70, Height = 80 };
        ISampleMixing mosaic = new Mosaic { Size = 96 };
        return name switch
        {
            "none" => new Compose().Apply(image, targets, random),
            "flip" => flip.Apply(image, targets, random),
            "two flips" => new Compose(flip, flip).Apply(image, targets, random),
            "resize" => new Resize(40, 400).Apply(image, targets, random),
            "enlarge" => new Resize(150, 400).Apply(image, targets, random),
            "jitter" => jitter.Apply(image, targets, random),
            "crop" => crop.Apply(image, targets, random),
            "padded crop" => new FixedSizeCrop { Width = 120, Height = 50 }.Apply(image, targets, random),
            "iou" => new RandomIoUCrop().Apply(image, targets, random),
            "zoom" => new RandomZoomOut { Chance = 1 }.Apply(image, targets, random),
            "cutout" => new Cutout().Apply(image, targets, random),
            "erase" => new RandomErasing { Probability = 1 }.Apply(image, targets, random),
            "resized crop" => new RandomResizedCrop { Size = 75, MinArea = 0.3 }.Apply(image, targets, random),
            "center crop" => new ResizeAndCenterCrop(72, 64).Apply(image, targets, random),
            "small center crop" => new ResizeAndCenterCrop(40, 64).Apply(image, targets, random),
            "margin" => new RandomPaddedCrop(60, 8).Apply(image, targets, random),
            "balanced crop" => new ClassBalancedCrop { Width = 60, Height = 70 }.Apply(image, targets, random),
            "turn" => AffineMap.Turn(10 + 30 * seed).About(Width / 2.0, Height / 2.0).Apply(image, targets),
            "shear" => RandAugment.Change(RandAugmentOperation.ShearX, 0.3, image, targets),
            "push" => RandAugment.Change(RandAugmentOperation.ShearY, -0.3, image, targets),
            "translate" => RandAugment.Change(RandAugmentOperation.TranslateX, 20.7, image, targets),
            "lower" => RandAugment.Change(RandAugmentOperation.TranslateY, -11.2, image, targets),
            "mosaic" => mosaic.Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "mosaic in turn" => new SequentialMixing(mosaic, new CopyPaste()).Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "paste" => new CopyPaste { Chance = 1 }.Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "jittered paste" => new CopyPaste { Chance = 1, Before = new Compose(jitter, crop) }.Apply(image, targets,
                draw => Scene(draw.Next(100)), random),
            _ => new Compose(jitter, crop, new RandomHorizontalFlip(), new RandomErasing()).Apply(image, targets, random),
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ColorsAndClassesMoveTogether(string name)
    {
        int compared = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            (Mat image, Targets targets) = Apply(name, seed);
            using (image)
            {
                SegmentationMap map = targets.Map!;
                Assert.Equal((image.Width, image.Height), (map.Width, map.Height));
                for (int y = 0, height = map.Height; y < height; y++)
                {
                    for (int x = 0, width = map.Width; x < width; x++)
                    {
                        if (!IsAwayFromBorders(map, x, y)) continue;
                        Vec3b pixel = image.Get<Vec3b>(y, x);
                        string place =
                            $"{name} {seed}: ({x}, {y}) is ({pixel.Item0}, {pixel.Item1}, {pixel.Item2}) and of class {map[x, y]}";
                        if (map[x, y] == SegmentationMap.Ignore) Assert.True(colors.All(color => Distance(color, pixel) > 60), place);
                        else Assert.True(Distance(colors[map[x, y]], pixel) <= 2, place);
                        compared++;
                    }
                }
            }
        }
        Assert.InRange(compared, 5000, int.MaxValue);
    }

    /// <summary>Interpolation mixes the colors of neighbors: a pixel's neighborhood has to be of one class, and seen.</summary>
    private static bool IsAwayFromBorders(SegmentationMap map, int x, int y)
    {
        const int reach = 3;
        if (x < reach || y < reach || x >= map.Width - reach || y >= map.Height - reach) return false;
        for (int v = y - reach; v <= y + reach; v++)
            for (int u = x - reach; u <= x + reach; u++)
                if (map[u, v] != map[x, y]) return false;
        return true;
    }

    private static int Distance(Vec3b a, Vec3b b) =>
        Math.Max(Math.Abs(a.Item0 - b.Item0), Math.Max(Math.Abs(a.Item1 - b.Item1), Math.Abs(a.Item2 - b.Item2)));

    [Theory]
    [InlineData("color")]
    [InlineData("distort")]
    [InlineData("equalize")]
    public void ChangesOfColorLeaveTheMap(string name)
    {
        (Mat image, Targets targets) = Scene(0);
        (Mat changed, Targets after) = name switch
        {
            "color" => new ColorJitter { Brightness = 0.5, Hue = 0.2 }.Apply(image, targets, new Random(0)),
            "distort" => new RandomPhotometricDistort { Chance = 1 }.Apply(image, targets, new Random(0)),
            _ => RandAugment.Change(RandAugmentOperation.Equalize, 0, image, targets),
        };
        changed.Dispose();
        Assert.Same(targets.Map, after.Map);
    }

    [Fact]
    public void WhereNearestPixelsAreTakenEveryPixelAgrees()
    {
        foreach (int degrees in new[] { 0, 7, 45, 90, 180, 251 })
        {
            (Mat image, Targets targets) = Scene(degrees);
            (image, targets) = AffineMap.Turn(degrees).About(Width / 2.0, Height / 2.0).Apply(image, targets);
            using (image)
                for (int at = 0; at < Width * Height; at++)
                {
                    byte own = targets.Map!.Classes[at];
                    Assert.Equal(own == SegmentationMap.Ignore ? default : colors[own], image.Get<Vec3b>(at / Width, at % Width));
                }
        }
    }

    /// <summary>Against the rule itself: the pixel whose square holds the center, and 255 outside.</summary>
    [Theory]
    [InlineData(1, 0, 1, 0, 13, 9)]             // as it is
    [InlineData(-1, 13, 1, 0, 13, 9)]           // mirrored
    [InlineData(1, 0, -1, 9, 13, 9)]
    [InlineData(1, -4, 1, -3, 6, 5)]            // cut
    [InlineData(1, 5, 1, 7, 30, 20)]            // on a larger canvas
    [InlineData(1, 100, 1, 0, 13, 9)]           // nothing left
    [InlineData(3, 0, 3, 0, 39, 27)]
    [InlineData(1.7, 0.3, 2.9, -4.1, 22, 21)]
    [InlineData(0.31, 0, 0.77, 0, 4, 7)]
    [InlineData(-0.6, 8, 1.4, -2, 9, 30)]
    public void AMapFollowsItsRule(double a, double c, double e, double f, int width, int height)
    {
        SegmentationMap map = Noise(13, 9);
        AffineMap change = new(a, 0, c, 0, e, f);
        SegmentationMap moved = map.Moved(change, width, height);
        // A hair's breadth of shear takes the way of turned maps, with the same pixels.
        SegmentationMap sheared = map.Moved(change with { B = 1e-9 }, width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double u, double v) = ((x + 0.5 - c) / a, (y + 0.5 - f) / e);
                byte expected = u >= 0 && u < 13 && v >= 0 && v < 9 ? map[(int)u, (int)v] : SegmentationMap.Ignore;
                Assert.Equal((expected, expected), (moved[x, y], sheared[x, y]));
            }
        }
    }

    [Fact]
    public void ThereAndBackIsTheSameMap()
    {
        SegmentationMap map = Noise(21, 17);
        AffineMap mirror = AffineMap.Mirror(21);
        Assert.Equal(map.Classes, map.Moved(mirror, 21, 17).Moved(mirror, 21, 17).Classes);
        Assert.Equal(map.Classes, map.Moved(AffineMap.Scale(3, 2), 63, 34).Moved(AffineMap.Scale(1 / 3.0, 0.5), 21, 17).Classes);
        Assert.Equal(map.Classes, map.Moved(AffineMap.Shift(40, 30), 100, 80).Moved(AffineMap.Shift(-40, -30), 21, 17).Classes);
        AffineMap quarter = AffineMap.Turn(90).About(0, 0);
        Assert.Equal(map.Classes, map.Moved(quarter.Then(AffineMap.Shift(0, 21)), 17, 21)
            .Moved(AffineMap.Shift(0, -21).Then(AffineMap.Turn(-90)), 21, 17).Classes);
        Assert.All(map.Moved(AffineMap.Shift(-21, 0), 21, 17).Classes, value => Assert.Equal(SegmentationMap.Ignore, value));
    }

    [Fact]
    public void HiddenPixelsLoseTheirClassAndTheOldMapStays()
    {
        SegmentationMap map = new(4, 3, [.. Enumerable.Range(0, 12).Select(value => (byte)value)]);
        Assert.Equal([0, 255, 255, 3, 4, 255, 255, 7, 8, 9, 10, 255], map.Hidden(new Rect(1, 0, 2, 2), new Rect(3, 2, 1, 1)).Classes);
        Assert.Equal(5, map[1, 1]);
    }

    [Fact]
    public void MixupNamesWhatSuitsMaps()
    {
        (Mat image, Targets targets) = Scene(0);
        using (image)
            Assert.EndsWith("use a mosaic instead.",
                Assert.Throws<NotSupportedException>(() =>
                    new DetectionMixup().Apply(image, targets, _ => Scene(1), new Random(0))).Message);
    }

    private static SegmentationMap Noise(int width, int height)
    {
        byte[] classes = new byte[width * height];
        new Random(1).NextBytes(classes);
        return new(width, height, classes);
    }
}
