using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

public class KeypointOverlayTests
{
    private static readonly Color gray = new(128, 128, 128);
    private static readonly DetectionPainter painter = new([new(1, "person")]);

    [Fact]
    public void ElbowAndWristAreJoinedAndOthersAreNot()
    {
        Keypoint[] person = new Keypoint[17];
        person[7] = new(50, 50, 3);             // left elbow
        person[9] = new(50, 150, 3);            // left wrist
        person[10] = new(150, 150, 3);          // right wrist
        using Mat image = Painted(person);
        Assert.NotEqual(gray, Pixels.At(image, 50, 100));
        Assert.Equal(gray, Pixels.At(image, 100, 100));
        Assert.Equal(gray, Pixels.At(image, 100, 150));
        Assert.NotEqual(Pixels.At(image, 50, 150), Pixels.At(image, 150, 150));
    }

    [Fact]
    public void PointsThatAreNotSeenAreNotDrawn()
    {
        Keypoint[] person = new Keypoint[17];
        person[5] = new(60, 60, -2);
        person[7] = new(100, 100, 4);
        person[0] = new(160, 160, 0);
        using Mat image = Painted(person);
        Assert.Equal(gray, Pixels.At(image, 60, 60));
        Assert.Equal(gray, Pixels.At(image, 80, 80));
        Assert.Equal(gray, Pixels.At(image, 160, 160));
        Assert.NotEqual(gray, Pixels.At(image, 100, 100));
    }

    [Fact]
    public void HiddenPointsOfAnnotationsAreRings()
    {
        using Mat image = Pixels.Plain(400, 400);
        Keypoint[] points = new Keypoint[17];
        points[1] = new(100, 200, 2);
        points[6] = new(300, 200, 1);
        painter.Draw(image, new Targets
        {
            ImageId = 1, File = "1.png", Width = 400, Height = 400,
            Objects = [new() { Id = 1, Box = new(20, 20, 380, 380), Label = 1, Area = 1, Keypoints = points }],
        });
        Assert.True(Pixels.At(image, 100, 200).Luminance > 0.2);
        Assert.True(Pixels.At(image, 300, 200).Luminance < 0.05);
        Assert.True(Pixels.At(image, 302, 200).Luminance > 0.2 || Pixels.At(image, 303, 200).Luminance > 0.2);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(5), InlineData(17), InlineData(40)]
    public void AnyNumberOfPointsIsDrawnWhereverTheyLie(int count)
    {
        Keypoint[] points = [.. Enumerable.Range(0, count).Select(i => (i % 4) switch
        {
            0 => new Keypoint(-1e9f, 5, 1), 1 => new(float.NaN, float.PositiveInfinity, 1), 2 => new(-50, 300, 1), _ => new(100, 100, 1),
        })];
        using Mat image = Painted(points);
        Assert.Equal(new Size(200, 200), image.Size());
        if (count == 5) Assert.NotEqual(gray, Pixels.At(image, 100, 100));
    }

    [Theory]
    [InlineData(0), InlineData(255)]
    public void SkeletonsShowOnAnyBackground(byte background)
    {
        Keypoint[] person = new Keypoint[17];
        (person[5], person[6], person[11]) = (new(40, 100, 1), new(160, 100, 1), new(40, 190, 1));
        using Mat image = Pixels.Plain(200, 200, background);
        painter.Draw(image, new Detections { Boxes = [new(0, 0, 200, 200)], Labels = [1], Scores = [1], Keypoints = [person] });
        double[] across = [.. Enumerable.Range(90, 21).Select(y => Pixels.At(image, 100, y).Luminance)];
        Assert.True(across.Max() > 0.3 && across.Min() < 0.1, "The line does not stand out from its casing.");
    }

    private static Mat Painted(Keypoint[] points)
    {
        Mat image = Pixels.Plain(200, 200);
        painter.Draw(image, new Detections { Boxes = [new(0, 0, 1, 1)], Labels = [1], Scores = [1], Keypoints = [points] });
        return image;
    }
}
