namespace Vision.Visualization.Tests.Drawing;

public class ColorTests
{
    [Fact]
    public void TextIsReadableOnEveryColorOfThePalette()
    {
        for (int label = 1; label <= 36; label++)
        {
            Color background = Palette.Of(label), text = background.TextColor;
            double bright = Math.Max(background.Luminance, text.Luminance), dark = Math.Min(background.Luminance, text.Luminance);
            // WCAG 2.1 asks 4.5 of small text.
            Assert.True((bright + 0.05) / (dark + 0.05) >= 4.5, $"label {label}");
        }
    }

    [Fact]
    public void LuminanceIsThatOfWcag()
    {
        Assert.Equal(0, Color.Black.Luminance, 12);
        Assert.Equal(1, Color.White.Luminance, 12);
        Assert.Equal(0.2159, new Color(128, 128, 128).Luminance, 4);
        Assert.Equal(0.7152, new Color(0, 255, 0).Luminance, 12);
    }

    [Fact]
    public void ClassesHaveColorsOfTheirOwn()
    {
        Assert.Equal(36, Enumerable.Range(1, 36).Select(Palette.Of).Distinct().Count());
        Assert.Equal(Palette.Of(1), Palette.Of(37));
        Assert.Equal(Palette.Of(36), Palette.Of(0));
    }

    [Fact]
    public void MixingGoesFromOneColorToTheOther()
    {
        Color red = new(200, 0, 0), blue = new(0, 0, 100);
        Assert.Equal(red, red.Mixed(blue, 0));
        Assert.Equal(new Color(100, 0, 50), red.Mixed(blue, 0.5));
        Assert.Equal(blue, red.Mixed(blue, 1));
    }

    [Fact]
    public void IsPrintedAsOnTheWeb() => Assert.Equal("#ff7f00", new Color(255, 127, 0).ToString());
}
