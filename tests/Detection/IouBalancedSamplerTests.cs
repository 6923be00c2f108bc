using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class IouBalancedSamplerTests
{
    [Fact]
    public void NegativesAreDrawnEvenlyOverTheirOverlaps()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        // 1000 that overlap nothing, 40 in the middle, 15 that nearly match, and 8 positives.
        Tensor overlaps = cat([zeros(1000), full(40, 0.2f), full(15, 0.45f), full(8, 0.8f)]);
        Tensor matches = cat([full(1055, Matcher.Background, int64), zeros(8, int64)]);
        var (positives, negatives) = new IouBalancedSampler(64, 0.0625).Draw(matches, overlaps);
        Assert.Equal(4, positives.shape[0]);
        Assert.Equal(60, negatives.shape[0]);
        float[] drawn = overlaps.index_select(0, negatives).ToHost<float>();
        Assert.Equal(15, drawn.Count(overlap => overlap > 0.4f));                         // all that there are
        Assert.InRange(drawn.Count(overlap => overlap is > 0.1f and < 0.4f), 20, 25);
        Assert.Equal(60, negatives.ToHost<long>().Distinct().Count());
    }

    [Fact]
    public void WithoutNegativesOrObjectsItDrawsWhatThereIs()
    {
        using var scope = NewDisposeScope();
        IouBalancedSampler sampler = new(8, 0.5);
        Assert.Equal(0, sampler.Draw(zeros(3, int64), ones(3)).Negatives.shape[0]);
        Assert.Equal(8, sampler.Draw(full(30, Matcher.Background, int64), zeros(30)).Negatives.shape[0]);
    }
}
