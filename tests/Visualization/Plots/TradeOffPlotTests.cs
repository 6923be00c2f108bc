using OpenCvSharp;

namespace Vision.Visualization.Tests;

public class TradeOffPlotTests
{
    private static readonly TradeOffPoint[] models =
        [new("small", 10, 0.3, 0.01), new("slow", 40, 0.28), new("large", 30, 0.4, 0.02), new("same", 30, 0.35), new("larger", 50, 0.4)];

    [Fact]
    public void The_line_joins_the_models_that_none_beats_in_both() =>
        Assert.Equal([new(10, 0.3), new(30, 0.4)], TradeOffPlot.Front(models));

    [Fact]
    public void It_draws_every_model_in_its_color()
    {
        using Mat plot = TradeOffPlot.Render(models, "AP against time", "ms", "AP");
        Assert.Equal(560, plot.Height);
        for (int label = 1; label <= models.Length; label++)
        {
            Color color = Palette.Of(label);
            using Mat found = new();
            Scalar exact = new(color.R, color.G, color.B);
            Cv2.InRange(plot, exact, exact, found);
            Assert.True(Cv2.CountNonZero(found) > 60, $"{models[label - 1].Name} is not there.");
        }
    }

    [Fact]
    public void A_plot_without_models_or_with_an_unknown_time_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TradeOffPlot.Render([], "", "", ""));
        Assert.Throws<ArgumentException>(() => TradeOffPlot.Render([new("x", double.NaN, 0.3)], "", "", ""));
    }
}
