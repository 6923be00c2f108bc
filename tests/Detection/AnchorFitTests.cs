using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class AnchorFitTests
{
    [Fact]
    public void TheLevelsAreTheGenerators()
    {
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        IReadOnlyList<AnchorLevel> levels = AnchorLevel.ForPyramid();
        using var scope = NewDisposeScope();
        Tensor[] pyramid = [.. levels.Select(level => zeros(1, 1, 512 / level.Stride, 512 / level.Stride))];
        Anchors anchors = generator.For(pyramid, new ImageSize(512, 512));
        float[] boxes = anchors.Boxes.ToHost<float>();
        long at = 0;
        for (int i = 0; i < levels.Count; i++)
        {
            Assert.Equal(generator.PerLocation, levels[i].Shapes.Count);
            for (int j = 0; j < levels[i].Shapes.Count; j++)
                Assert.Equal(levels[i].Shapes[j],
                    (boxes[4 * (at + j) + 2] - boxes[4 * (at + j)], boxes[4 * (at + j) + 3] - boxes[4 * (at + j) + 1]));
            at += anchors.PerLevel[i];
        }
    }

    /// <summary>Against every anchor of the image, one by one.</summary>
    [Fact]
    public void TheBestOverlapIsThatOfAllAnchors()
    {
        Random random = new(0);
        DetectorOptions options = new() { NumClasses = 2, MinSize = 256, MaxSize = 256 };
        IReadOnlyList<AnchorLevel> levels = AnchorLevel.ForPyramid();
        for (int i = 0; i < 20; i++)
        {
            float x = 200 * random.NextSingle(), y = 200 * random.NextSingle();
            Box box = new(x, y, x + 4 + 52 * random.NextSingle(), y + 4 + 52 * random.NextSingle());
            Targets sample = new() { ImageId = 1, File = "", Width = 256, Height = 256,
                Objects = [new() { Id = 1, Label = 1, Box = box, Area = 1 }] };
            AnchorFit fit = Assert.Single(AnchorFit.Of([sample], [new(1, "thing")], levels, options));

            using var scope = NewDisposeScope();
            using AnchorGenerator generator = AnchorGenerator.ForPyramid();
            Anchors anchors = generator.For([.. levels.Select(level => zeros(1, 1, 256 / level.Stride, 256 / level.Stride))],
                new ImageSize(256, 256));
            double best = BoxMath.Iou(tensor(new[] { box.X1, box.Y1, box.X2, box.Y2 }).reshape(1, 4), anchors.Boxes).max().item<float>();
            Assert.Equal(best, fit.MeanOverlap, 1e-5);
            Assert.Equal(best >= 0.5 ? 1 : 0, fit.Recall);
        }
    }
}
