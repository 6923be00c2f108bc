using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Data.Tests.Transforms;

public sealed class BatchMixingTests
{
    private const int Count = 4, Classes = 5;

    /// <summary>Image i is i + 1 everywhere, so that a pixel tells whose it is.</summary>
    private static (Tensor Images, Tensor Labels) Batch() =>
        (arange(1, Count + 1, ScalarType.Float32).reshape(Count, 1, 1, 1).expand(Count, 3, 12, 16).contiguous(),
            tensor(new long[] { 0, 3, 1, 3 }));

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0, 1.0)]
    [InlineData(0.2, 1.0)]
    public void PixelsAndTargetsAreMixedInTheSameShares(double mixup, double cutMix)
    {
        BatchMixing mixing = new() { MixupAlpha = mixup, CutMixAlpha = cutMix };
        for (int seed = 0; seed < 30; seed++)
        {
            using var scope = NewDisposeScope();
            (Tensor images, Tensor labels) = Batch();
            (Tensor mixed, Tensor targets) = mixing.Apply(images, labels, Classes, new Random(seed));
            Assert.Equal(images.shape, mixed.shape);
            Assert.Equal([Count, Classes], targets.shape);
            Close.To(targets.sum(1), ones(Count), 1e-6);
            // Image 2 (value 3, class 1) is mixed with the one before it (value 2, class 3).
            double share = targets[2, 1].item<float>();
            Assert.Equal(1 - share, targets[2, 3].item<float>(), 1e-6);
            Assert.Equal(3 * share + 2 * (1 - share), mixed[2].mean().item<float>(), 1e-5);
            // The last image is the neighbor of the first; both others have class 3.
            Assert.Equal(share, targets[0, 0].item<float>(), 1e-6);
        }
    }

    [Fact]
    public void CutMixShowsARectangleOfTheNeighbor()
    {
        using var scope = NewDisposeScope();
        (Tensor images, Tensor labels) = Batch();
        int cut = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            (Tensor mixed, _) = new BatchMixing { CutMixAlpha = 1 }.Apply(images, labels, Classes, new Random(seed));
            Tensor foreign = mixed[1, 0].eq(1);
            Assert.True(foreign.logical_or(mixed[1, 0].eq(2)).all().item<bool>());
            long area = foreign.sum().item<long>();
            if (area == 0) continue;
            cut++;
            Assert.Equal(area, foreign.any(0).sum().item<long>() * foreign.any(1).sum().item<long>());
        }
        Assert.True(cut > 10);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    public void SharesHaveTheMomentsOfTheBetaDistribution(double alpha)
    {
        Random random = new(1);
        double[] draws = [.. Enumerable.Range(0, 20000).Select(_ => Beta.Sample(alpha, random))];
        Assert.All(draws, draw => Assert.InRange(draw, 0, 1));
        double mean = draws.Average(), variance = draws.Average(draw => (draw - mean) * (draw - mean));
        Assert.Equal(0.5, mean, 0.01);
        Assert.Equal(1 / (4 * (2 * alpha + 1)), variance, 0.005);
    }

    [Fact]
    public void NoTensorIsLeftBehind() => LiveTensors.Unchanged(() =>
    {
        (Tensor images, Tensor labels) = (rand(4, 3, 8, 8), tensor(new long[] { 0, 1, 2, 3 }));
        (Tensor mixed, Tensor targets) =
            new BatchMixing { MixupAlpha = 0.2, CutMixAlpha = 1 }.Apply(images, labels, Classes, new Random(1));
        foreach (Tensor tensor in new[] { images, labels, mixed, targets }) tensor.Dispose();
    });
}
