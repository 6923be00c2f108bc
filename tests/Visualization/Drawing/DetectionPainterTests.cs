using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

public class DetectionPainterTests
{
    private static readonly Category[] categories = [new(7, "cat"), new(9, "dog"), new(20, " ")];
    private static readonly DetectionPainter painter = new(categories);

    [Fact]
    public void BoxIsDrawnInTheColorOfItsClass()
    {
        using Mat image = Pixels.Plain(200, 200);

        painter.Draw(image, One(new Box(50, 60, 151, 161), label: 2));

        foreach ((int x, int y) in new[] { (50, 110), (150, 110), (100, 60), (100, 160) })
            Assert.Equal(Palette.Of(2), Pixels.At(image, x, y));
        foreach ((int x, int y) in new[] { (100, 110), (48, 110), (152, 110), (100, 162) })
            Assert.Equal(new Color(128, 128, 128), Pixels.At(image, x, y));
    }

    [Fact]
    public void CaptionIsWrittenOverTheBox()
    {
        using Mat image = Pixels.Plain(200, 200);

        painter.Draw(image, One(new Box(50, 60, 150, 160), label: 1));

        using Mat strip = image[new Rect(51, 48, 40, 11)].Clone();
        Assert.True(Pixels.Count(strip, Palette.Of(1)) > 100);
        // Smoothed text is nowhere quite black.
        Assert.Equal(Color.Black, Palette.Of(1).TextColor);
        Assert.True(Pixels.Count(strip, pixel => pixel.Luminance < 0.1) > 10);
    }

    [Fact]
    public void CopyIsPaintedAndTheImageIsNot()
    {
        using Mat image = Pixels.Plain(120, 90);
        byte[] before = Pixels.Bytes(image);

        using Mat painted = painter.Painted(image, One(new Box(10, 10, 60, 60)));
        using Mat both = painter.SideBySide(image, Truth(new Box(10, 10, 60, 60)), One(new Box(10, 10, 60, 60)));

        Assert.Equal(before, Pixels.Bytes(image));
        Assert.NotEqual(before, Pixels.Bytes(painted));
    }

    [Fact]
    public void EnlargedCopyHasEnlargedBoxes()
    {
        using Mat image = Pixels.Plain(100, 80);

        using Mat painted = painter.Painted(image, One(new Box(20, 30, 60, 70)), enlargement: 3);

        Assert.Equal(new Size(300, 240), painted.Size());
        Assert.Equal(Palette.Of(1), Pixels.At(painted, 60, 150));
        Assert.Equal(Palette.Of(1), Pixels.At(painted, 179, 150));
        Assert.Throws<ArgumentOutOfRangeException>(() => painter.Painted(image, Detections.None, enlargement: 0));
    }

    [Fact]
    public void TruthIsOnTheLeftAndPredictionOnTheRight()
    {
        using Mat image = Pixels.Plain(200, 100);

        using Mat both = painter.SideBySide(image, Truth(new Box(20, 20, 80, 80)), Detections.None);

        Assert.True(both.Width >= 400 && both.Height > 100);
        using Mat left = both[new Rect(0, 0, 200, both.Height)].Clone(),
            right = both[new Rect(both.Width - 200, 0, 200, both.Height)].Clone();
        Assert.True(Pixels.Count(left, Palette.Of(1)) > 100);
        Assert.Equal(0, Pixels.Count(right, Palette.Of(1)));
        // Both halves have a heading.
        Assert.True(Pixels.Count(left, IsBright) > 5 && Pixels.Count(right, IsBright) > 5);

        static bool IsBright(Color pixel) => pixel.Luminance > 0.6;
    }

    [Fact]
    public void CrowdIsDashed()
    {
        using Mat image = Pixels.Plain(200, 200), crowd = Pixels.Plain(200, 200);
        Box box = new(20, 50, 180, 180);

        painter.Draw(image, Truth(box));
        painter.Draw(crowd, Truth(box, isCrowd: true));

        int[] solid = Column(image), dashed = Column(crowd);
        Assert.All(solid, one => Assert.Equal(1, one));
        Assert.InRange(dashed.Sum(), dashed.Length / 3, dashed.Length * 2 / 3);

        static int[] Column(Mat image) => [.. Enumerable.Range(90, 80).Select(y => Pixels.At(image, 20, y) == Palette.Of(1) ? 1 : 0)];
    }

    [Fact]
    public void SurestDetectionIsOnTop()
    {
        using Mat image = Pixels.Plain(200, 200);
        Box box = new(20, 50, 180, 180);

        painter.Draw(image, new Detections { Boxes = [box, box], Labels = [2, 1], Scores = [0.9f, 0.5f] });

        Assert.Equal(Palette.Of(2), Pixels.At(image, 20, 170));
    }

    [Theory]
    [InlineData(1, 1), InlineData(3, 2), InlineData(5, 400), InlineData(400, 5), InlineData(33, 17)]
    public void SmallAndNarrowImagesAreDrawnOn(int width, int height)
    {
        using Mat image = Pixels.Plain(width, height);
        painter.Draw(image, new Detections
        {
            Boxes = [new(0, 0, width, height), new(width, height, width, height), new(-50, -50, 2 * width, 2 * height),
                new(width - 1, 0, width, 1)],
            Labels = [1, 2, 3, 99],
            Scores = [1, 0.9f, 0.5f, 0.1f],
        });
        Assert.Equal(new Size(width, height), image.Size());
    }

    [Theory]
    [InlineData(float.NaN, 0, 10, 10), InlineData(-1e30f, -1e30f, 1e30f, 1e30f), InlineData(50, 50, 10, 10), InlineData(5, 5, 5, 5)]
    public void OddBoxesDoNotStopThePainter(float x1, float y1, float x2, float y2)
    {
        using Mat image = Pixels.Plain(64, 64);
        painter.Draw(image, One(new Box(x1, y1, x2, y2)));
        Assert.True(Pixels.Count(image, new Color(128, 128, 128)) < 64 * 64);
    }

    [Fact]
    public void ClassesWithoutANameHaveANumber()
    {
        Assert.Equal(Painted(label: 3), PaintedAs("class 3", label: 3));
        Assert.Equal(Painted(label: 12), PaintedAs("class 12", label: 12));
        Assert.NotEqual(Painted(label: 1), PaintedAs("class 1", label: 1));

        static byte[] Painted(int label)
        {
            using Mat image = Pixels.Plain(200, 200);
            painter.Draw(image, One(new Box(20, 50, 180, 180), label));
            return Pixels.Bytes(image);
        }

        static byte[] PaintedAs(string name, int label)
        {
            using Mat image = Pixels.Plain(200, 200);
            new DetectionPainter([.. Enumerable.Repeat(new Category(1, name), label)]).Draw(image, One(new Box(20, 50, 180, 180), label));
            return Pixels.Bytes(image);
        }
    }

    [Fact]
    public void CaptionsNeverCoverEachOther()
    {
        // Forty boxes on nearly the same place: what is written stays whole, so the text color's
        // share of the captions' area is that of a single one.
        using Mat image = Pixels.Plain(300, 300);
        Box[] boxes = [.. Enumerable.Range(0, 40).Select(i => new Box(100 + i % 7, 100 + i % 5, 200 + i % 3, 200 + i % 4))];
        painter.Draw(image, new Detections { Boxes = boxes, Labels = [.. boxes.Select(_ => 1)],
            Scores = [.. boxes.Select((_, i) => 0.9f - 0.01f * i)] });
        using Mat one = Pixels.Plain(300, 300);
        painter.Draw(one, One(boxes[0]));
        int dark = Pixels.Count(image, IsText), single = Pixels.Count(one, IsText);
        Assert.True(dark > 8 * single, $"{dark} dark pixels are no more than those of {dark / single} captions.");

        static bool IsText(Color pixel) => pixel.Luminance < 0.1;
    }

    [Fact]
    public void ABatchIsDrawnAsItsImagesAre()
    {
        using Mat first = Pixels.Plain(100, 80), second = Pixels.Plain(60, 90), alone = Pixels.Plain(60, 90);
        Detections nothing = Detections.None, one = One(new Box(10, 30, 50, 70));
        painter.Draw([first, second], [nothing, one]);
        painter.Draw(alone, one);
        Assert.Equal(Pixels.Bytes(alone), Pixels.Bytes(second));
        Assert.Equal(100 * 80, Pixels.Count(first, new Color(128, 128, 128)));
        Assert.Contains("There are 2 images, but detections for 1",
            Assert.Throws<ArgumentException>(() => painter.Draw([first, second], [one])).Message);
    }

    [Fact]
    public void AVideoIsDrawnFrameByFrameAfterItWasLookedAt()
    {
        using Mat frame = Pixels.Plain(100, 80);
        VideoFrame[] frames = [new(0, TimeSpan.Zero, frame), new(1, TimeSpan.FromSeconds(1), frame)];
        List<int> seen = [];
        int[] drawn = [.. painter.Draw(Fresh(), image =>
        {
            seen.Add(Pixels.Count(image, new Color(128, 128, 128)));
            return One(new Box(10, 30, 50, 70));
        }).Select(painted => Pixels.Count(painted.Image, Palette.Of(1)))];
        Assert.Equal([8000, 8000], seen);
        Assert.All(drawn, count => Assert.True(count > 50));

        // As a reader does, into the same memory.
        IEnumerable<VideoFrame> Fresh()
        {
            foreach (VideoFrame one in frames)
            {
                frame.SetTo(Scalar.All(128));
                yield return one;
            }
        }
    }

    [Fact]
    public void OtherImagesAreRefused()
    {
        using Mat gray = new(10, 10, MatType.CV_8UC1);
        ArgumentException error = Assert.Throws<ArgumentException>(() => painter.Draw(gray, Detections.None));
        Assert.Contains("CV_8UC1", error.Message);
    }

    private static Detections One(Box box, int label = 1) => new() { Boxes = [box], Labels = [label], Scores = [0.87f] };

    private static Targets Truth(Box box, bool isCrowd = false) => new()
    {
        ImageId = 1, File = "image.png", Width = 200, Height = 200,
        Objects = [new Annotation { Id = 1, Box = box, Label = 1, Area = box.Area, IsCrowd = isCrowd }],
    };
}
