using OpenCvSharp;

namespace Vision.Data.Tests.Transforms;

/// <summary>What holds of every joint transform: nothing lies outside, a box is the one around its segment,
/// pixels and objects move together, and the seed decides all.</summary>
public sealed class DetectionTransformTests
{
    private const int Width = 90, Height = 60;

    private static readonly Category[] categories = [new(1, "person") { Keypoints = ["nose", "left_hand", "right_hand"] }, new(2, "stone")];

    /// <summary>A red triangle with keypoints, a green one of runs, and a blue box, on gray.</summary>
    internal static (Mat Image, Targets Targets) Scene(int seed = 0)
    {
        Random random = new(seed);
        Mat image = Pictures.Plain(Width, Height, Pictures.Gray);
        float x = random.Next(5, 30), y = random.Next(5, 20);
        float[] polygon = [x, y, x + 30, y + 5, x + 10, y + 30];
        RleMask first = RleMask.FromPolygons([polygon], Width, Height);
        RleMask second = RleMask.FromPolygons([[60, 10, 85, 12, 70, 40]], Width, Height);
        Paint(image, first, new(220, 20, 30));
        Paint(image, second, new(20, 220, 30));
        image[new Rect(12, 45, 20, 10)].SetTo(new Scalar(20, 30, 220));
        return (image, new()
        {
            ImageId = seed, File = $"scene {seed}", Width = Width, Height = Height,
            Objects =
            [
                new() { Id = 1, Label = 1, Box = new(x, y, x + 30, y + 30), Area = 425, Segment = new() { Polygons = [polygon] },
                    Keypoints = [new(x + 12, y + 10, 2), new(x + 2, y + 2, 2), default] },
                new() { Id = 2, Label = 2, Box = second.BoundingBox, Area = second.Area, Segment = new() { Runs = second } },
                new() { Id = 3, Label = 2, Box = new(12, 45, 32, 55), Area = 200 },
            ],
        });
    }

    private static void Paint(Mat image, RleMask mask, Scalar color)
    {
        byte[] pixels = mask.Decode();
        using Mat where = new(image.Rows, image.Cols, MatType.CV_8UC1);
        pixels.CopyTo(where.AsSpan<byte>());
        image.SetTo(color, where);
    }

    public static TheoryData<string> Names =>
        ["flip", "jitter", "crop", "iou", "zoom", "color", "cutout", "resized", "turn", "mosaic", "mixup", "paste", "jittered paste",
            "both"];

    private static (Mat Image, Targets Targets) Apply(string name, int seed)
    {
        (Mat image, Targets targets) = Scene(seed);
        Random random = new(seed);
        IImageTransform jitter = new ScaleJitter { Width = 70, Height = 70, Least = 0.5, Greatest = 2 },
            crop = new FixedSizeCrop { Width = 64, Height = 48 };
        ISampleMixing mosaic = new Mosaic { Size = 96 }, mixup = new DetectionMixup { Chance = 1 };
        return name switch
        {
            "flip" => new RandomHorizontalFlip(1, categories).Apply(image, targets, random),
            "jitter" => jitter.Apply(image, targets, random),
            "crop" => crop.Apply(image, targets, random),
            "iou" => new RandomIoUCrop().Apply(image, targets, random),
            "zoom" => new RandomZoomOut { Chance = 1 }.Apply(image, targets, random),
            "color" => new RandomPhotometricDistort().Apply(image, targets, random),
            "cutout" => new Cutout().Apply(image, targets, random),
            "resized" => new RandomResizedCrop { Size = 40 }.Apply(image, targets, random),
            "turn" => AffineMap.Turn(10 + seed).About(45, 30).Apply(image, targets),
            "mosaic" => mosaic.Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "mixup" => mixup.Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "paste" => new CopyPaste { Chance = 1 }.Apply(image, targets, draw => Scene(draw.Next(100)), random),
            "jittered paste" => new CopyPaste { Chance = 1, Before = new Compose(jitter, crop) }.Apply(image, targets,
                draw => Scene(draw.Next(100)), random),
            _ => new SequentialMixing(mosaic, mixup).Apply(image, targets, draw => Scene(draw.Next(100)), random),
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingLiesOutsideAndBoxesFitTheirSegments(string name)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            (Mat image, Targets targets) = Apply(name, seed);
            using (image)
            {
                Assert.Equal((image.Width, image.Height), (targets.Width, targets.Height));
                foreach (Annotation item in targets.Objects)
                {
                    Assert.True(
                        item.Box is { X1: >= 0, Y1: >= 0, Width: > 0, Height: > 0 }
                        && item.Box.X2 <= image.Width && item.Box.Y2 <= image.Height, $"{name} {seed}: {item.Box}");
                    Assert.True(item.Area > 0);
                    Assert.All(item.Keypoints ?? [], point =>
                        Assert.True(point.X >= 0 && point.X <= image.Width && point.Y >= 0 && point.Y <= image.Height));
                    if (item.Segment is null) continue;
                    Assert.All(item.Segment.Polygons, polygon =>
                        Assert.All(polygon.Index(), entry =>
                            Assert.InRange(entry.Item, 0, entry.Index % 2 == 0 ? image.Width : image.Height)));
                    if (item.Segment.Runs is { } runs) Assert.Equal((image.Width, image.Height), (runs.Width, runs.Height));
                    Box around = SegmentTransform.Bounds(item.Segment)!.Value;
                    const float tolerance = 1e-3f;
                    (float, float)[] sides = [(item.Box.X1, around.X1), (item.Box.Y1, around.Y1),
                        (item.Box.X2, around.X2), (item.Box.Y2, around.Y2)];
                    foreach (var (side, expected) in sides)
                        Assert.True(Math.Abs(side - expected) <= tolerance,
                            $"{name} {seed}: annotation {item.Id} has the box {item.Box} and its segment {around}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSeedDecidesAll(string name)
    {
        (Mat first, Targets one) = Apply(name, 7);
        (Mat second, Targets two) = Apply(name, 7);
        using (first)
        using (second)
        {
            Assert.Equal(first.Bytes(), second.Bytes());
            Assert.Equal(one.Objects.Select(item => (item.Id, item.Box, item.Area)),
                two.Objects.Select(item => (item.Id, item.Box, item.Area)));
        }
    }

    /// <summary>Where a segment says that the red triangle is, there is red.</summary>
    [Theory]
    [InlineData("flip")]
    [InlineData("crop")]
    [InlineData("iou")]
    [InlineData("zoom")]
    [InlineData("mosaic")]
    [InlineData("paste")]
    [InlineData("jitter")]
    public void PixelsAndSegmentsMoveTogether(string name)
    {
        int compared = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            (Mat image, Targets targets) = Apply(name, seed);
            using (image)
            {
                // The segments may overlap in a scene; the one that is painted last is green.
                foreach (Annotation item in targets.Objects.Where(item => item.Segment is not null && item.Area > 100))
                {
                    byte[] mask = item.Segment!.ToMask(image.Width, image.Height).Decode();
                    int inside = 0, colored = 0;
                    for (int y = 0, height = image.Height; y < height; y++)
                    {
                        for (int x = 0, width = image.Width; x < width; x++)
                        {
                            if (mask[y * image.Width + x] == 0) continue;
                            Vec3b pixel = image.Get<Vec3b>(y, x);
                            inside++;
                            if (Math.Max(pixel.Item0, pixel.Item1) > 130 && pixel.Item2 < 70) colored++;
                        }
                    }
                    Assert.True(colored >= 0.7 * inside,
                        $"{name} {seed}: {colored} of {inside} pixels of annotation {item.Id} are colored");
                    compared++;
                }
            }
        }
        Assert.InRange(compared, 8, 1000);
    }

    [Fact]
    public void TwoFlipsAreNoneAndOneExchangesTheHands()
    {
        (Mat image, Targets targets) = Scene();
        RandomHorizontalFlip flip = new(1, categories);
        (image, Targets once) = flip.Apply(image, targets, new Random(0));
        Annotation person = once.Objects[0];
        Keypoint nose = targets.Objects[0].Keypoints![0], left = targets.Objects[0].Keypoints![1];
        // The left hand's place is the mirrored right hand's, which nobody annotated.
        Assert.Equal([nose with { X = Width - nose.X }, default, left with { X = Width - left.X }], person.Keypoints!);
        (image, Targets twice) = flip.Apply(image, once, new Random(0));
        (Mat original, _) = Scene();
        using (image)
        using (original) Assert.Equal(original.Bytes(), image.Bytes());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((targets.Objects[i].Box, targets.Objects[i].Area), (twice.Objects[i].Box, twice.Objects[i].Area));
            Assert.Equal(targets.Objects[i].Keypoints, twice.Objects[i].Keypoints);
            Assert.Equal(targets.Objects[i].Segment?.Polygons.SelectMany(polygon => polygon),
                twice.Objects[i].Segment?.Polygons.SelectMany(polygon => polygon));
            Assert.Equal(targets.Objects[i].Segment?.Runs?.Counts.ToArray(), twice.Objects[i].Segment?.Runs?.Counts.ToArray());
        }
    }

    [Fact]
    public void UnnamedKeypointsAreNotMirrored()
    {
        (Mat image, Targets targets) = Scene();
        using (image)
            Assert.Equal(
                "scene 0: annotation 1 has 3 keypoints, but its category names 0, so left and right cannot be swapped: name them in the " +
                    "data set, or train without flipping.",
                Assert.Throws<InputException>(() => new RandomHorizontalFlip(1).Apply(image, targets, new Random(0))).Message);
    }

    [Fact]
    public void ACutSegmentKeepsItsPartOfTheArea()
    {
        (Mat image, Targets targets) = Scene();
        using (image)
        {
            Annotation item = targets.Objects[0];
            int middle = (int)(item.Box.X1 + 13);
            Targets left = targets.Moved(middle, Height, AffineMap.Shift(0, 0)),
                right = targets.Moved(Width - middle, Height, AffineMap.Shift(-middle, 0));
            Annotation a = left.Objects.Single(other => other.Id == 1), b = right.Objects.Single(other => other.Id == 1);
            Assert.Equal(item.Area, a.Area + b.Area, 1e-2);
            Assert.Equal(middle, a.Box.X2);
            Assert.Equal(0, b.Box.X1);
            // The upper border of the left part is where the triangle is cut, not the old box's.
            Assert.True(a.Box.Y2 > b.Box.Y2);
            Assert.Equal(2, a.Keypoints![0].Visibility + b.Keypoints![0].Visibility);

            Assert.Contains(targets.Moved(middle, Height, AffineMap.Shift(0, 0), a.Area / item.Area - 0.01).Objects,
                other => other.Id == 1);
            Assert.DoesNotContain(targets.Moved(middle, Height, AffineMap.Shift(0, 0), a.Area / item.Area + 0.01).Objects,
                other => other.Id == 1);
        }
    }

    [Fact]
    public void RunsAreShiftedAsTheyAreWarped()
    {
        RleMask mask = RleMask.FromPolygons([[3, 2, 40, 0, 30, 50, 10, 60]], Width, Height);
        Segment segment = new() { Runs = mask };
        (int, int, int, int)[] moves =
            [(0, 0, Width, Height), (5, 7, Width, Height), (-20, -9, 40, 40), (30, -5, 130, 20), (-4, 3, 30, 90)];
        foreach (var (x, y, width, height) in moves)
        {
            byte[] shifted = segment.Moved(AffineMap.Shift(x, y), width, height)!.Runs!.Decode(), expected = new byte[width * height],
                from = mask.Decode();
            for (int row = 0; row < height; row++)
                for (int column = 0; column < width; column++)
                    if (row - y >= 0 && row - y < Height && column - x >= 0 && column - x < Width)
                        expected[row * width + column] = from[(row - y) * Width + column - x];
            Assert.Equal(expected, shifted);
        }
        Assert.Null(segment.Moved(AffineMap.Shift(200, 0), Width, Height));
    }

    [Fact]
    public void AWindowAroundObjectsMeetsOne()
    {
        int cut = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            (Mat image, Targets targets) = Apply("iou", seed);
            using (image)
            {
                Assert.NotEmpty(targets.Objects);
                Assert.True(image.Width >= 0.3 * Width - 1 && image.Height >= 0.3 * Height - 1);
                Assert.InRange((double)image.Width / image.Height, 0.5, 2);
                if (image.Width < Width) cut++;
            }
        }
        Assert.InRange(cut, 20, 40);
        using Mat empty = Pictures.Plain(8, 8, Pictures.Gray);
        Targets none = new() { ImageId = 1, File = "", Width = 8, Height = 8 };
        Assert.Same(none, new RandomIoUCrop().Apply(empty, none, new Random(0)).Targets);
    }

    [Fact]
    public void AZoomedOutImageIsWholeOnItsCanvas()
    {
        (Mat before, Targets targets) = Scene(3);
        byte[] scene = before.Bytes();
        (Mat canvas, Targets moved) = new RandomZoomOut { Chance = 1 }.Apply(before, targets, new Random(3));
        using (canvas)
        {
            int left = (int)(moved.Objects[2].Box.X1 - 12), top = (int)(moved.Objects[2].Box.Y1 - 45);
            using Mat part = Crop.Padded(canvas, left, top, Width, Height);
            Assert.Equal(scene, part.Bytes());
            Assert.InRange(canvas.Width, Width, 4 * Width);
        }
        Assert.Equal(targets.Objects.Select(item => item.Area), moved.Objects.Select(item => item.Area));
    }

    [Fact]
    public void CutoutDropsWhatItHides()
    {
        (Mat image, Targets targets) = Scene();
        (image, Targets hidden) = new Cutout { Count = 60, Size = 0.5, MinVisible = 0.5 }.Apply(image, targets, new Random(0));
        image.Dispose();
        Assert.Empty(hidden.Objects);
        (image, targets) = Scene();
        (image, Targets seen) = new Cutout { Count = 0 }.Apply(image, targets, new Random(0));
        image.Dispose();
        Assert.Equal(3, seen.Objects.Count);
    }

    [Fact]
    public void PastingTakesFromWhatIsCovered()
    {
        bool covered = false;
        for (int seed = 0; seed < 30; seed++)
        {
            (Mat image, Targets targets) = Apply("paste", seed);
            image.Dispose();
            Assert.All(targets.Objects, item => Assert.True(item.Segment is not null || item.Id == 3));
            // Original segments stand first. None shares a pixel with a pasted one.
            int own = targets.Objects.Select(item => item.Id)
                .Index().TakeWhile(entry => entry.Index == 0 || entry.Item > targets.Objects[entry.Index - 1].Id).Count();
            Annotation[] pasted = [.. targets.Objects.Skip(own).Where(item => item.Segment is not null)];
            if (pasted.Length == 0) continue;
            RleMask cover = RleMask.Union([.. pasted.Select(item => item.Segment!.ToMask(Width, Height))]);
            foreach (Annotation item in targets.Objects.Take(own).Where(item => item.Segment is not null))
                Assert.Equal(0, item.Segment!.ToMask(Width, Height).IntersectionArea(cover));
            covered |= targets.Objects.Take(own).Any(item => item is { Id: 1, Segment.Runs: not null });
        }
        Assert.True(covered);
    }

    [Fact]
    public void ChancesAreParts()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mosaic { Size = 9, Chance = 1.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomZoomOut { Chance = double.NaN });
    }
}
