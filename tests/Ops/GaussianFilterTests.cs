using Vision.Ops.Gaussian;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class GaussianFilterTests
{
    /// <summary>Points as images have them, from 600 to 2000 of each kind.</summary>
    public static TheoryData<string> Kinds =>
        ["line", "positions, narrow", "positions, wide", "colors", "positions and one color", "positions and two colors"];

    private static Tensor Points(string kind)
    {
        random.manual_seed(3);
        Tensor positions = stack([arange(1200) / 40, arange(1200) % 40], 1).to(float32).floor();  // [1200, 2]: 30 rows, 40 columns
        Tensor noise = rand(1200, 3) * 2.5;
        return kind switch
        {
            "line" => linspace(0, 30, 600, float32).unsqueeze(1),
            "positions, narrow" => positions / 3,
            "positions, wide" => positions / 8,
            "colors" => rand(2000, 3) * 4,
            "positions and one color" => cat([positions / 20, noise], 1),
            _ => cat([positions / 20, noise + (positions[.., 1..] > 25).to(float32) * 6], 1),
        };
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(5)]
    public void TheExactSumsAreThoseOfTheDefinition(int dimensions)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(dimensions);
        const int count = 60, channels = 3;
        Tensor features = randn(count, dimensions), values = randn(count, channels);
        float[] f = features.data<float>().ToArray(), v = values.data<float>().ToArray();
        double[] expected = new double[count * channels];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                double squared = Enumerable.Range(0, dimensions)
                    .Sum(axis => Math.Pow((double)f[i * dimensions + axis] - f[j * dimensions + axis], 2));
                for (int c = 0; c < channels; c++) expected[i * channels + c] += Math.Exp(-squared / 2) * v[j * channels + c];
            }
        }
        using ExactGaussianFilter filter = new(features);
        Close.To(filter.Apply(values), tensor(expected, [count, channels]), 1e-5);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void MeansAreNearTheExactOnes(string kind)
    {
        using var scope = NewDisposeScope();
        Tensor features = Points(kind);
        using GaussianFilter filter = new(features);
        using ExactGaussianFilter exact = new(features);
        Tensor values = rand(features.shape[0], 11), one = ones(features.shape[0], 1);
        Tensor sum = filter.Apply(one), exactSum = exact.Apply(one);
        Distance(filter.Apply(values) / sum, exact.Apply(values) / exactSum, 0.02, 0.003);
        // Blurring loses what falls on vertices that no point is near to: at the outermost points, and where points are sparse.
        Distance(sum / exactSum, one, 0.3, features.shape[1] > 3 ? 0.15 : 0.035);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void NormalizedValuesAreNearTheExactOnes(string kind)
    {
        using var scope = NewDisposeScope();
        Tensor features = Points(kind);
        using GaussianFilter filter = new(features, normalized: true);
        using ExactGaussianFilter exact = new(features);
        exact.Scale(exact.Apply(ones(features.shape[0], 1)).rsqrt());
        Tensor values = rand(features.shape[0], 11);
        Distance(filter.Apply(values), exact.Apply(values), 0.05, 0.01);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void ConstantsStayConstantInTheMean(string kind)
    {
        using var scope = NewDisposeScope();
        Tensor features = Points(kind), one = ones(features.shape[0], 1);
        using GaussianFilter filter = new(features), normalized = new(features, normalized: true);
        Tensor sum = filter.Apply(one);
        Close.To(filter.Apply(one * 7.25) / sum, one * 7.25, 1e-5);
        // Normalized on both sides, the roots of the sums of weights are what stays.
        Close.To(normalized.Apply(sum.sqrt()), sum.sqrt(), 1e-5);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void TheWeightOfTwoPointsIsTheSameBothWays(string kind)
    {
        using var scope = NewDisposeScope();
        Tensor features = Points(kind);
        using GaussianFilter filter = new(features, normalized: true);
        Tensor a = rand(features.shape[0], 1), b = rand(features.shape[0], 1);
        double there = (a * filter.Apply(b)).sum().item<float>(), back = (filter.Apply(a) * b).sum().item<float>();
        Assert.Equal(there, back, 1e-3 * there);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(11), InlineData(16), InlineData(45)]
    public void EveryChannelIsFilteredAsIfAlone(int channels)
    {
        using var scope = NewDisposeScope();
        Tensor features = Points("positions and two colors"), values = randn(1200, channels);
        using GaussianFilter filter = new(features);
        Tensor together = filter.Apply(values);
        Assert.Equal([1200, channels], together.shape);
        for (int c = 0; c < channels; c++) Close.To(together[.., c..(c + 1)], filter.Apply(values[.., c..(c + 1)]), 0, $"channel {c}");
    }

    [Fact]
    public void ThreadsDoNotChangeTheResult()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Tensor features = rand(30000, 5) * 8, values = randn(30000, 11);
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Tensor alone = Filtered();
            set_num_threads(3);
            Close.To(Filtered(), alone, 0);
        }
        finally
        {
            set_num_threads(before);
        }

        Tensor Filtered()
        {
            using GaussianFilter filter = new(features, normalized: true);
            return filter.Apply(values);
        }
    }

    [Fact]
    public void TheOrderOfThePointsDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        Tensor features = Points("positions and two colors"), values = randn(1200, 11), order = randperm(1200, int64);
        using GaussianFilter filter = new(features), shuffled = new(features.index_select(0, order));
        Close.To(shuffled.Apply(values.index_select(0, order)), filter.Apply(values).index_select(0, order), 1e-5);
    }

    [Theory, InlineData(2), InlineData(5)]
    public void FarPointsDoNotMeet(int dimensions)
    {
        using var scope = NewDisposeScope();
        Tensor near = rand(300, dimensions), features = cat([near, near + 40], 0);
        using GaussianFilter both = new(features), one = new(near);
        Tensor values = rand(600, 11);
        Close.To(both.Apply(values)[..300], one.Apply(values[..300]), 1e-6);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(5), InlineData(15)]
    public void APointAloneKeepsItsValue(int dimensions)
    {
        using var scope = NewDisposeScope();
        using GaussianFilter filter = new(randn(1, dimensions) * 1000, normalized: true);
        Close.To(filter.Apply(tensor(new[] { 0.25f, -3 }, [1, 2])), tensor(new[] { 0.25f, -3 }, [1, 2]), 1e-6);
    }

    [Fact]
    public void NoPointsHaveNoValues()
    {
        using var scope = NewDisposeScope();
        using GaussianFilter filter = new(zeros(0, 5), normalized: true);
        using ExactGaussianFilter exact = new(zeros(0, 5));
        Assert.Equal([0, 3], filter.Apply(zeros(0, 3)).shape);
        Assert.Equal([0, 3], exact.Apply(zeros(0, 3)).shape);
    }

    [Fact]
    public void WhatCannotBeFilteredIsNamed()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("features [N, d]", Assert.Throws<ArgumentException>(() => new GaussianFilter(zeros(3))).Message);
        Assert.Contains("1 to 15 dimensions", Assert.Throws<ArgumentException>(() => new GaussianFilter(zeros(3, 16))).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => new GaussianFilter(full([2, 2], float.NaN))).Message);
        Assert.Contains("not finite, or too large",
            Assert.Throws<ArgumentException>(() => new GaussianFilter(full([2, 2], 1e30f))).Message);
        Assert.Contains("on the CPU, but they are on meta",
            Assert.Throws<ArgumentException>(() => new GaussianFilter(zeros(3, 2, device: META))).Message);
        using GaussianFilter filter = new(zeros(3, 2));
        Assert.Contains("on the CPU, but they are on meta",
            Assert.Throws<ArgumentException>(() => filter.Apply(zeros(3, 2, device: META))).Message);
        Assert.Contains("values [N, C] at the 3 points", Assert.Throws<ArgumentException>(() => filter.Apply(zeros(4, 2))).Message);
        using ExactGaussianFilter exact = new(zeros(3, 2));
        Assert.Contains("values [N, C] at the 3 points", Assert.Throws<ArgumentException>(() => exact.Apply(zeros(4, 2))).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => new ExactGaussianFilter(full([2, 2], float.NaN))).Message);
    }

    [Fact]
    public void NoTensorStaysBehind()
    {
        using Tensor features = randn(50, 2), values = randn(50, 3), factor = rand(50, 1);
        LiveTensors.Unchanged(() =>
        {
            using GaussianFilter filter = new(features, normalized: true);
            using Tensor filtered = filter.Apply(values);
            using ExactGaussianFilter exact = new(features);
            exact.Scale(factor);
            using Tensor exactly = exact.Apply(values);
        });
    }

    private static void Distance(Tensor actual, Tensor expected, double most, double mean)
    {
        Tensor distance = (actual - expected).abs();
        double worst = distance.max().item<float>(), usual = distance.mean().item<float>();
        Assert.True(worst <= most && usual <= mean,
            $"off by {worst:F4} at most and {usual:F4} in the mean; {most} and {mean} are allowed.");
    }
}
