using OpenCvSharp;

namespace Vision.Visualization.Tests.Plots;

public class PerClassBarPlotTests
{
    [Fact]
    public void BarsAreAsLongAsTheirFiguresAndTheBestIsFirst()
    {
        Color red = new(200, 0, 0), blue = new(0, 0, 200);
        using Mat picture = PerClassBarPlot.Render("IoU", [("low", 0.25, red), ("high", 1, blue), ("absent", -1, red)]);
        Assert.Equal(new Size(960, 56 + 3 * 30 + 40), picture.Size());
        Assert.Equal(new Vec3b(0, 0, 200), picture.Get<Vec3b>(71, 220 + 640));
        Assert.Equal(new Vec3b(200, 0, 0), picture.Get<Vec3b>(101, 220 + 160));
        Assert.NotEqual(new Vec3b(200, 0, 0), picture.Get<Vec3b>(101, 220 + 180));
        Assert.NotEqual(new Vec3b(200, 0, 0), picture.Get<Vec3b>(131, 220 + 2));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(200)]
    public void AnyNumberOfClassesFits(int classes)
    {
        using Mat picture = PerClassBarPlot.Render("a figure",
            [.. Enumerable.Range(0, classes)
                .Select(i => ($"a class whose name is far too long for its place, number {i}", 0.5, Color.Black))]);
        Assert.Equal(960, picture.Width);
    }
}
