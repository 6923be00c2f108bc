using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class ObjectnessTests
{
    public static TheoryData<string> TwoStage =>
        [.. DetectorCatalog.DefaultNames.Where(name => name.Contains("rcnn", StringComparison.Ordinal))];

    [Trait("Category", "Slow")]
    [Theory, MemberData(nameof(TwoStage))]
    public void EveryDetectorOfTwoStagesHasIt(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name, adapt: options => options with { MinSize = 64, MaxSize = 128 });
        model.eval();
        Tensor[] images = [rand(3, 60, 80), rand(3, 33, 97)];
        LiveTensors.Unchanged(() =>
        {
            foreach (Tensor map in model.Objectness(images)) map.Dispose();
        });
        Tensor[] maps = model.Objectness(images);
        Assert.Equal(2, maps.Length);
        Assert.All(maps, map => Assert.True(map.dim() == 2 && !map.requires_grad && map.min().item<float>() > 0
            && map.max().item<float>() < 1, $"[{string.Join(", ", map.shape)}]"));
        // In the batch, 64×85 and 43×128 pixels of 64×128.
        (long height, long width) = (maps[0].shape[0], maps[1].shape[1]);
        Assert.Equal([height, (85 * width + 127) / 128], maps[0].shape);
        Assert.Equal([(43 * height + 63) / 64, width], maps[1].shape);
        if (name.Contains("resnet50_fpn", StringComparison.Ordinal)) Assert.Equal((16, 32), (height, width));
    }

    [Fact]
    public void OthersSayWhoHasIt()
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small("retinanet_resnet50_fpn");
        using TestTimeAugmentation twice = new(SmallDetectors.Small("fasterrcnn_resnet50_fpn"));
        twice.eval();
        Assert.Contains("use a two-stage detector",
            Assert.Throws<NotSupportedException>(() => model.Objectness([rand(3, 60, 80)])).Message);
        Assert.Single(twice.Objectness([rand(3, 60, 80)]));
    }

    [Theory]
    [InlineData(0, 50, 70), InlineData(1, 7, 31), InlineData(2, 9, 4), InlineData(3, 6, 9), InlineData(4, 0, 2), InlineData(4, 3, 3)]
    public void ItIsHottestAtTheCenterOfTheSurestAnchor(int level, int row, int column)
    {
        using var scope = NewDisposeScope();
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        Tensor[] pyramid = Parts.Levels();
        Anchors anchors = generator.For(pyramid, Parts.PaddedSize);
        long anchor = anchors.PerLevel[..level].Sum() + 3 * (row * pyramid[level].shape[3] + column) + 1;
        Tensor logits = full(2, anchors.Boxes.shape[0], -10f);
        logits[1, anchor] = tensor(2f);
        ImageBatch batch = new() { Pixels = zeros(2, 3, 224, 320), Sizes = [new(200, 310), new(224, 320)],
            OriginalSizes = [new(200, 310), new(224, 320)] };

        Tensor[] maps = ObjectnessMap.Of(new(anchors, logits, zeros(2, logits.shape[1], 4)), pyramid, batch);

        Assert.Equal([50, 78], maps[0].shape);
        Assert.InRange(maps[0].max().item<float>(), 0, 1e-4f);
        Assert.Equal([56, 80], maps[1].shape);
        float[] box = anchors.Boxes[anchor].ToHost<float>();
        long hottest = maps[1].argmax().item<long>();
        Assert.Equal(((box[1] + box[3]) / 2, (box[0] + box[2]) / 2), (4 * (hottest / 80), 4 * (hottest % 80)));
        Assert.Equal(1 / (1 + Math.Exp(-2)), maps[1].max().item<float>(), 1e-5);
    }

    [Fact]
    public void TheStateDictBeginsWithTheFirstStage()
    {
        using Detector model = SmallDetectors.Small("fasterrcnn_resnet50_fpn");
        Assert.Equal(["backbone", "rpn", "roi_heads"], model.state_dict().Keys.Select(key => key.Split('.')[0]).Distinct());
    }
}
