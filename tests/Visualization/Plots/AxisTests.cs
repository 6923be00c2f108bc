namespace Vision.Visualization.Tests.Plots;

public class AxisTests
{
    [Theory]
    [InlineData(0, 10, 0, 10, "0 2 4 6 8 10")]
    [InlineData(0, 0.83, 0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(1, 600, 0, 600, "0 100 200 300 400 500 600")]
    [InlineData(-0.3, 1.1, -0.5, 1.5, "-0.5 0.0 0.5 1.0 1.5")]
    [InlineData(0, 0.00042, 0, 0.0005, "0.0000 0.0001 0.0002 0.0003 0.0004 0.0005")]
    [InlineData(0, 3e7, 0, 3e7, "0e0 5e6 1e7 1.5e7 2e7 2.5e7 3e7")]
    [InlineData(5, 5, 5, 10, "5 6 7 8 9 10")]
    [InlineData(0, 0, 0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    public void EndsAndTicksAreRound(double low, double high, double min, double max, string ticks)
    {
        Axis axis = Axis.Around(low, high);
        Assert.Equal(min, axis.Min, 12);
        Assert.Equal(max, axis.Max, 12);
        Assert.Equal(ticks, string.Join(' ', axis.Ticks().Select(tick => tick.Text)));
    }

    [Fact]
    public void EveryRangeHasAFewTicksAndHoldsItsValues()
    {
        Random random = new(5);
        for (int i = 0; i < 1000; i++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 9)), high = low + Math.Pow(10, random.Next(-6, 9)) * random.NextDouble();
            Axis axis = Axis.Around(low, high);
            Assert.InRange(axis.Share(low), -1e-6, 1);
            Assert.InRange(axis.Share(high), 0, 1 + 1e-6);
            Assert.InRange(axis.Ticks().Count(), 2, 9);
        }
    }
}
