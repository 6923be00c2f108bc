using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class AnchorGeneratorTests
{
    [SkippableFact]
    public void AnchorsAreTorchvisions()
    {
        using var scope = NewDisposeScope();
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        Anchors anchors = generator.For(Parts.Levels(), Parts.PaddedSize);
        Close.To(anchors.Boxes, Parts.Get("anchors"), 0);
        Assert.Equal([3 * 56 * 80, 3 * 28 * 40, 3 * 14 * 20, 3 * 7 * 10, 3 * 4 * 5], anchors.PerLevel);
    }

    [Fact]
    public void TheSameShapeGivesTheSameAnchorsAndAnotherShapeOthers()
    {
        using var scope = NewDisposeScope();
        using var generator = new AnchorGenerator([32], [1]);
        Anchors first = generator.For([zeros(1, 1, 2, 3)], new(64, 96));
        Tensor again = generator.For([zeros(4, 7, 2, 3)], new(64, 96)).Boxes, other = generator.For([zeros(1, 1, 3, 2)], new(96, 64)).Boxes;
        Assert.Equal([-16, -16, 16, 16], first.Boxes[0].ToHost<float>());
        Assert.Equal([16, -16, 48, 16], first.Boxes[1].ToHost<float>());
        first.Boxes.fill_(7);
        Assert.Equal(7, again[5, 3].item<float>());             // the same memory
        Assert.NotEqual(7, other[5, 3].item<float>());
    }

    [Fact]
    public void TheCacheIsBounded()
    {
        using var generator = new AnchorGenerator([32], [1]);
        long before = LiveTensors.Count();
        for (int width = 1; width <= 100; width++)
        {
            using Tensor level = zeros(1, 1, 2, width);
            generator.For([level], new(64, 32 * width)).Boxes.Dispose();
        }
        Assert.InRange(Tensor.TotalCount - before, 1, 8);
    }

    [Fact]
    public void AnchorsInUseOutliveTheCache()
    {
        using var scope = NewDisposeScope();
        using var generator = new AnchorGenerator([32], [1]);
        Tensor first = generator.For([zeros(1, 1, 2, 3)], new(64, 96)).Boxes;
        for (int width = 4; width <= 20; width++) generator.For([zeros(1, 1, 2, width)], new(64, 32 * width));
        Assert.Equal([16, -16, 48, 16], first[1].ToHost<float>());
    }

    [Fact]
    public void AnotherNumberOfLevelsIsRefused()
    {
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        using Tensor level = zeros(1, 1, 2, 2);
        Assert.Throws<ArgumentException>(() => generator.For([level], new(64, 64)));
    }
}
