using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class TruncatedNormalTests
{
    /// <summary>The deviation of what is left of a normal distribution between -2 and 2 (Johnson and Kotz 1970, section 13.10.1).</summary>
    [Theory]
    [InlineData(0.02, 0.02), InlineData(1, 0.87963), InlineData(2, 1.07912)]
    public void ValuesHaveTheDeviationOfACutNormalDistribution(double deviation, double expected)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Tensor values = empty(1_000_000, dtype: float64);

        TruncatedNormal.Fill(values, deviation);

        // Four standard errors of a million values.
        Assert.Equal(0, values.mean().item<double>(), 4e-3 * expected);
        Assert.Equal(expected, values.std().item<double>(), 4e-3 * expected);
        Assert.InRange(values.abs().max().item<double>(), 0, 2);
        Assert.Equal(0.5, values.gt(0).to(float64).mean().item<double>(), 2e-3);
    }

    [Fact]
    public void EqualSeedsGiveEqualValues()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Draw(1).ToHost<float>(), Draw(1).ToHost<float>());
        Assert.NotEqual(Draw(1).ToHost<float>(), Draw(2).ToHost<float>());

        static Tensor Draw(int seed)
        {
            random.manual_seed(seed);
            Tensor values = empty(3, 5);
            TruncatedNormal.Fill(values, 0.02);
            return values;
        }
    }

    [Theory]
    [InlineData(0), InlineData(-1)]
    public void ADeviationIsAboveZero(double deviation)
    {
        using Tensor values = zeros(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => TruncatedNormal.Fill(values, deviation));
    }
}
