using OpenCvSharp;
using static TorchSharp.torch;

namespace Vision.Visualization.Tests.Drawing;

public class HeatMapPainterTests
{
    private static readonly Color gray = new(128, 128, 128);

    [Fact]
    public void TheImageShowsWhereTheMapIsLowAndTheHeatWhereItIsHigh()
    {
        using var scope = NewDisposeScope();
        using Mat image = Pixels.Plain(80, 60);
        HeatMapPainter.Draw(image, tensor(new float[] { 0, 0, 0, 8 }).reshape(2, 2));
        Assert.Equal(gray, Pixels.At(image, 2, 2));
        Color hot = Pixels.At(image, 77, 57);
        Assert.True(hot.Luminance > 0.6 && hot.R > hot.B + 50, $"{hot} is not hot.");
    }

    [Fact]
    public void ARangeMakesImagesComparable()
    {
        using var scope = NewDisposeScope();
        using Mat low = Pixels.Plain(20, 20), high = Pixels.Plain(20, 20);
        HeatMapPainter.Draw(low, full(3, 3, 0.4f), (0, 1));
        HeatMapPainter.Draw(high, full(3, 3, 0.9f), (0, 1));
        Assert.True(Pixels.At(high, 10, 10).Luminance > Pixels.At(low, 10, 10).Luminance + 0.1);
        // Without one, a map of one value shows nothing.
        using Mat plain = Pixels.Plain(20, 20);
        HeatMapPainter.Draw(plain, full(3, 3, 0.9f));
        Assert.Equal(400, Pixels.Count(plain, gray));
    }

    [Theory]
    [InlineData(1, 1), InlineData(1, 300), InlineData(300, 1)]
    public void MapsAndImagesOfAnySizeGoTogether(int width, int height)
    {
        using var scope = NewDisposeScope();
        using Mat image = Pixels.Plain(width, height);
        HeatMapPainter.Draw(image, tensor(new[] { float.NaN, float.PositiveInfinity, 1, float.NegativeInfinity, 2, 3 }).reshape(2, 3).t());
        HeatMapPainter.Draw(image, full(1, 1, float.NaN));
        Assert.Equal(new OpenCvSharp.Size(width, height), image.Size());
    }

    [Fact]
    public void OtherShapesAreRefused()
    {
        using var scope = NewDisposeScope();
        using Mat image = Pixels.Plain(20, 20);
        Assert.Contains("[1, 3, 3]; expected [h, w]",
            Assert.Throws<ArgumentException>(() => HeatMapPainter.Draw(image, zeros(1, 3, 3))).Message);
        Assert.Contains("expected an increasing one",
            Assert.Throws<ArgumentException>(() => HeatMapPainter.Draw(image, zeros(3, 3), (1, 1))).Message);
    }

    [Fact]
    public void ColorsGrowBrighterWithTheValue()
    {
        double[] luminances = [.. Enumerable.Range(0, 33).Select(i => HeatColors.Of(i / 32f).Luminance)];
        for (int i = 1; i < luminances.Length; i++) Assert.True(luminances[i] > luminances[i - 1]);
        Assert.Equal(HeatColors.Of(0), HeatColors.Of(float.NaN));
        Assert.Equal(HeatColors.Of(1), HeatColors.Of(7));
    }
}
