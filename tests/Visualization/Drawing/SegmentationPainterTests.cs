using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization.Tests.Drawing;

public class SegmentationPainterTests
{
    private static readonly Category[] categories = [new(0, "road"), new(1, "sky")];

    [Fact]
    public void EachClassHasItsColorAndWhatIsIgnoredStays()
    {
        using Mat image = new(1, 3, MatType.CV_8UC3, new Scalar(100, 100, 100));
        new SegmentationPainter(categories, [(200, 0, 0), (0, 0, 200)])
            .Draw(image, new(3, 1, [0, 1, SegmentationMap.Ignore]), legend: false);
        Assert.Equal(new Vec3b(150, 50, 50), image.Get<Vec3b>(0, 0));
        Assert.Equal(new Vec3b(50, 50, 150), image.Get<Vec3b>(0, 1));
        Assert.Equal(new Vec3b(100, 100, 100), image.Get<Vec3b>(0, 2));
    }

    [Fact]
    public void TheLegendNamesWhatIsThereAndAnyImageWillDo()
    {
        SegmentationPainter painter = new(categories);
        Assert.Equal(Palette.Of(1), painter.ColorOf(0));
        foreach (int side in (int[])[1, 40, 400])
        {
            using Mat plain = new(side, side, MatType.CV_8UC3, new Scalar(0, 0, 0)), named = plain.Clone();
            SegmentationMap map = new(side, side, new byte[side * side]);
            painter.Draw(plain, map, legend: false);
            painter.Draw(named, map);
            Assert.Equal(side > 1, !plain.AsSpan<byte>().SequenceEqual(named.AsSpan<byte>()));
        }
    }

    [Fact]
    public void AMapOfAnotherSizeOrClassIsRefused()
    {
        using Mat image = new(2, 2, MatType.CV_8UC3, new Scalar(0, 0, 0));
        SegmentationPainter painter = new(categories);
        Assert.Contains("3×1 pixels", Assert.Throws<ArgumentException>(() => painter.Draw(image, new(3, 1, new byte[3]))).Message);
        Assert.Contains("class 2", Assert.Throws<ArgumentException>(() => painter.Draw(image, new(2, 2, [0, 0, 0, 2]))).Message);
    }
}
