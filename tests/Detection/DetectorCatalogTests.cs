using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class DetectorCatalogTests
{
    private static readonly DetectorOptions options = new() { NumClasses = 3 };

    // A larger backbone has the stages of a smaller one, only wider and deeper.
    public static TheoryData<string> Backbones =>
        [.. BackboneRegistry.Find("*").Where(entry => entry.Facts.Parameters < 30_000_000).Select(entry => entry.Name)];

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(Backbones))]
    public void AnyBackboneGoesUnderADetector(string backbone)
    {
        using var scope = NewDisposeScope();
        using Detector detector = DetectorCatalog.Create("fasterrcnn_resnet50_fpn",
            options with { Backbone = backbone, MinSize = 48, MaxSize = 64 });
        detector.eval();
        Detections found = Assert.Single(detector.call([rand(3, 48, 64)]));
        Assert.All(found.Scores, score => Assert.True(float.IsFinite(score), $"A score is {score}."));
    }

    [Fact]
    public void EveryNamedDetectorIsMadeWithItsBackbone()
    {
        Assert.Contains("fasterrcnn_resnet50_fpn", DetectorCatalog.Names);
        using Detector small = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", options);
        using Detector deep = DetectorCatalog.Create("fasterrcnn_resnet50_fpn", options);
        Assert.Equal(512, small.Backbone.Stages[^1].Channels);
        Assert.Equal(2048, deep.Backbone.Stages[^1].Channels);
    }

    [Fact]
    public void AnotherBackboneTakesThePlaceOfTheOneInTheName()
    {
        using Detector detector = DetectorCatalog.Create("fasterrcnn_resnet50_fpn",
            options with { Backbone = "resnet18", Norm = NormKind.FrozenBatchNorm });
        Assert.Equal(512, detector.Backbone.Stages[^1].Channels);
        Assert.DoesNotContain(detector.state_dict().Keys, key => key.EndsWith("num_batches_tracked", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownNamesAreAnsweredWithTheKnownOnes()
    {
        var error = Assert.Throws<UnknownNameException>(() => DetectorCatalog.Create("fasterrcnn_resnet5_fpn", options));
        Assert.StartsWith("No detector is called 'fasterrcnn_resnet5_fpn'; did you mean fasterrcnn_resnet50_fpn", error.Message);
        error = Assert.Throws<UnknownNameException>(() =>
            DetectorCatalog.Create("fasterrcnn_resnet50_fpn", options with { Backbone = "resnet19" }));
        Assert.StartsWith("No backbone is called 'resnet19'; did you mean resnet18, ", error.Message);
    }
}
