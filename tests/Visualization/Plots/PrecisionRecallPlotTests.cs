using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Visualization.Tests.Plots;

public class PrecisionRecallPlotTests
{
    [Fact]
    public void EachClassHasItsCurveAndTheMeanIsBlack()
    {
        using Mat picture = PrecisionRecallPlot.Render([Curve("cat", 0.9, 0.8), Curve("dog", 0.7, 0.4)]);

        Assert.Equal(new Size(960, 600), picture.Size());
        Assert.True(Pixels.Count(picture, Palette.Of(1)) > 200);
        Assert.True(Pixels.Count(picture, Palette.Of(2)) > 200);
        Assert.True(Pixels.Count(picture, Color.Black) > 400);
    }

    [Fact]
    public void OneClassHasNoMean()
    {
        using Mat picture = PrecisionRecallPlot.Render([Curve("cat", 0.9, 0.8)]);
        Assert.Equal(0, Pixels.Count(picture, Color.Black));
    }

    [Fact]
    public void ClassWithoutObjectsIsInTheLegendAlone()
    {
        using Mat picture = PrecisionRecallPlot.Render([Curve("cat", 0.9, 0.8), Curve("unseen", 0.9, -1)]);

        using Mat area = picture[new Rect(80, 54, 640, 478)].Clone();
        Assert.Equal(0, Pixels.Count(area, Palette.Of(2)));
        Assert.True(Pixels.Count(picture, Palette.Of(2)) > 20);
    }

    [Fact]
    public void ManyClassesWithLongNamesKeepInsideThePicture()
    {
        using Mat picture = PrecisionRecallPlot.Render(
            [.. Enumerable.Range(0, 90).Select(i => Curve($"a class whose name is much too long, number {i}", 0.5, 0.5))]);
        Assert.Equal(600, picture.Height);
        using Mat edge = picture[new Rect(picture.Width - 3, 0, 3, picture.Height)].Clone();
        Assert.Equal(edge.Total(), Pixels.Count(edge, Color.White));
    }

    [Fact]
    public void CurveOfOnePointIsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            PrecisionRecallPlot.Render([new PrecisionRecallCurve("cat", [1], 1)]));
        Assert.StartsWith("The curve of 'cat' has 1 points; it needs two.", error.Message);
    }

    [Fact]
    public void WritesAPng()
    {
        using TempFolder folder = new();
        PrecisionRecallPlot.Write(folder["pr.png"], [Curve("cat", 0.9, 0.8)]);
        using Mat back = ImageFile.Read(folder["pr.png"]);
        Assert.Equal(new Size(960, 600), back.Size());
    }

    private static PrecisionRecallCurve Curve(string name, double precision, double ap) =>
        new(name, [.. Enumerable.Repeat(precision, 101)], ap);
}
