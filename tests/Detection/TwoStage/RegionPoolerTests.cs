using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class RegionPoolerTests
{
    [SkippableFact]
    public void LevelsAndPooledFeaturesAreTorchvisions()
    {
        using var scope = NewDisposeScope();
        var pooler = new RegionPooler([4, 8, 16, 32], 7, 2);
        Tensor[] regions = [Parts.Get("regions.0"), Parts.Get("regions.1")];
        Close.To(pooler.LevelOf(cat(regions)), Parts.Get("regions.levels"), 0, "levels");
        Tensor[] features = [.. Enumerable.Range(0, 4).Select(i => Parts.Get($"features.{i}"))];
        Close.To(pooler.Pool(features, regions), Parts.Get("regions.pooled"), 1e-5, "pooled");
    }

    [Fact]
    public void NoRegionsGiveNothing()
    {
        using var scope = NewDisposeScope();
        Tensor pooled = new RegionPooler([4, 8], 7, 2).Pool([zeros(1, 3, 8, 8), zeros(1, 3, 4, 4)], [zeros(0, 4)]);
        Assert.Equal([0, 3, 7, 7], pooled.shape);
    }
}
