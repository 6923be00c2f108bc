using OpenCvSharp;
using Vision.Data;
using Vision.Testing;

namespace Vision.Visualization.Tests.Plots;

public class LossPlotTests
{
    [Fact]
    public void CurvesAreDrawnInTheirColors()
    {
        using Mat picture = LossPlot.Render([Falling("loss_classifier", 40), Falling("loss_box_reg", 40, 0.4)]);

        Assert.Equal(new Size(960, 600), picture.Size());
        // A curve two pixels wide across the picture, and its line in the legend.
        Assert.True(Pixels.Count(picture, Palette.Of(1)) > 400);
        Assert.True(Pixels.Count(picture, Palette.Of(2)) > 400);
        Assert.Equal(Color.White, Pixels.At(picture, 2, 2));
    }

    [Fact]
    public void CurveGoesFromTheUpperLeftToTheLowerRight()
    {
        using Mat picture = LossPlot.Render([new PlotSeries("loss", [new(0, 1), new(10, 0)])]);

        // The area spans 0..10 and 0..1.05: its corners are at (78, 52) and (718, 534).
        Assert.True(Distance(Pixels.At(picture, 398, 304), Palette.Of(1)) < 60);
        Assert.True(Distance(Pixels.At(picture, 80, 76), Palette.Of(1)) < 150);
        Assert.Equal(0, CountIn(picture, new Rect(450, 60, 270, 200)));

        static double Distance(Color a, Color b) => Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B);

        static int CountIn(Mat picture, Rect part)
        {
            using Mat pixels = picture[part].Clone();
            return Pixels.Count(pixels, Palette.Of(1));
        }
    }

    [Fact]
    public void AxesHoldEveryPointAndStartAtZero()
    {
        var (x, y) = LossPlot.Limits([Falling("a", 37),
            new PlotSeries("b", [new(3, 2), new(90, double.NaN), new(40, double.PositiveInfinity)])]);
        Assert.Equal((0, 36, 0, 2.1), (x.Low, x.High, y.Low, y.High));
        Assert.All((IReadOnlyList<PlotSeries>[])[[], [Falling("a", 1)], [new PlotSeries("zero", [new(0, 0)])]], series =>
        {
            var (across, up) = LossPlot.Limits(series);
            Assert.True(across.High > across.Low && up.High > up.Low);
        });
    }

    [Fact]
    public void LongCurvesAreSmoothed()
    {
        Random random = new(1);
        PlotPoint[] noisy = [.. Enumerable.Range(0, 400).Select(i => new PlotPoint(i, 1 + random.NextDouble()))];

        PlotPoint[] smooth = LossPlot.Smooth(noisy);

        Assert.Equal(noisy.Select(point => point.X), smooth.Select(point => point.X));
        Assert.All(smooth, point => Assert.InRange(point.Y, 1.2, 1.8));
        Assert.Equal(noisy.Skip(190).Take(21).Average(point => point.Y), smooth[200].Y, 9);
    }

    [Fact]
    public void GapsAndNothingAtAllAreDrawn()
    {
        using Mat gaps = LossPlot.Render(
            [new PlotSeries("loss", [new(0, 1), new(1, double.NaN), new(2, 1), new(3, 0.5), new(4, double.PositiveInfinity)])]);
        using Mat one = LossPlot.Render([new PlotSeries("loss", [new(5, 1)])]);
        using Mat nothing = LossPlot.Render([]), empty = LossPlot.Render([new PlotSeries("loss", [])]);
        Assert.All([gaps, one, nothing, empty], picture => Assert.Equal(new Size(960, 600), picture.Size()));
    }

    [Fact]
    public void WritesAPng()
    {
        using TempFolder folder = new();
        LossPlot.Write(folder["run/loss.png"], [Falling("loss", 10)], "epoch");
        using Mat back = ImageFile.Read(folder["run/loss.png"]);
        Assert.Equal(new Size(960, 600), back.Size());
    }

    private static PlotSeries Falling(string name, int count, double from = 1) =>
        new(name, [.. Enumerable.Range(0, count).Select(i => new PlotPoint(i, from / (1 + 0.1 * i)))]);
}
