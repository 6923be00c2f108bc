using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class BalancedSamplerTests
{
    [SkippableFact]
    public void TheSameSeedDrawsWhatTorchvisionDraws()
    {
        using var scope = NewDisposeScope();
        Tensor matches = Parts.Get("matches.rpn");
        random.manual_seed(11);
        (Tensor positives, Tensor negatives) = new BalancedSampler(64, 0.25).Draw(matches);
        Close.To(positives, Parts.Get("positives"), 0, "positives");
        Close.To(negatives, Parts.Get("negatives"), 0, "negatives");
        Close.To(rand(4), Parts.Get("random"), 0, "the random numbers after the draw");
    }

    [Theory]
    [InlineData(100, 100, 2, 6)]     // enough of both: a quarter is positive
    [InlineData(1, 100, 1, 7)]       // negatives fill up
    [InlineData(100, 3, 2, 3)]       // positives do not
    [InlineData(0, 0, 0, 0)]
    public void NumbersAreBalanced(int positives, int negatives, int drawnPositives, int drawnNegatives)
    {
        using var scope = NewDisposeScope();
        Tensor ignored = full(5, Matcher.Ignored, int64);
        Tensor matches = cat([full(positives, 3, int64), ignored, full(negatives, Matcher.Background, int64)]);
        (Tensor positive, Tensor negative) = new BalancedSampler(8, 0.25).Draw(matches);
        Assert.Equal(drawnPositives, positive.shape[0]);
        Assert.Equal(drawnNegatives, negative.shape[0]);
        Assert.All(positive.ToHost<long>(), row => Assert.InRange(row, 0, positives - 1));
        Assert.All(negative.ToHost<long>(), row => Assert.InRange(row, positives + 5, positives + 5 + negatives - 1));
    }
}
