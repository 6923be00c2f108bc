using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class FasterRcnnTests
{
    [Fact]
    public void ABatchGivesWhatItsImagesGiveAlone()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        model.eval();
        Tensor[] images = Images();
        Detections[] together = model.call(images);
        for (int i = 0; i < images.Length; i++)
        {
            // Of one padded size, or the network would rightly see other borders.
            Detections alone = Assert.Single(model.call([images[i]]));
            SameDetections.Assert(together[i], alone, 1e-4f, 0.01f);
        }
    }

    [Fact]
    public void PredictingTwiceGivesTheSame()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        model.eval();
        Tensor[] images = Images();
        Detections[] first = model.call(images), second = model.call(images);
        for (int i = 0; i < images.Length; i++)
        {
            Assert.Equal(first[i].Boxes, second[i].Boxes);
            Assert.Equal(first[i].Scores, second[i].Scores);
            Assert.Equal(first[i].Labels, second[i].Labels);
        }
    }

    [Fact]
    public void DetectionsAreSortedInsideTheImageAndLimited()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(new RoiOptions { DetectionsPerImage = 7, ScoreThreshold = 0 });
        model.eval();
        Detections found = Assert.Single(model.call([rand(3, 70, 110)]));
        Assert.Equal(7, found.Count);
        Assert.Equal(found.Scores.OrderDescending(), found.Scores);
        Assert.All(found.Labels, label => Assert.InRange(label, 1, 3));
        Assert.All(found.Boxes, box =>
            Assert.True(box is { X1: >= 0, Y1: >= 0, X2: <= 110.001f, Y2: <= 70.001f, Width: > 0, Height: > 0 },
                $"{box} is not inside the image."));
    }

    [Fact]
    public void NothingSureEnoughGivesNoDetections()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(new RoiOptions { ScoreThreshold = 1 });
        model.eval();
        Assert.All(model.call(Images()), Assert.Empty);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void EveryParameterGetsAGradient(bool onlyBackground)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small();
        model.train();
        Losses losses = model.ComputeLosses(Batch(onlyBackground));
        losses.Total().backward();
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is not finite."));
        foreach (var (name, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.isfinite().all().item<bool>(),
                $"{name} has no gradient, or one that is not finite.");
    }

    [Fact]
    public void FrozenStagesAreNotTrained()
    {
        using var scope = NewDisposeScope();
        using Detector model = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", new DetectorOptions { NumClasses = 2, FrozenStages = 2 });
        Assert.All(model.named_parameters(), entry =>
            Assert.Equal(!entry.name.StartsWith("backbone.body.conv1.", StringComparison.Ordinal)
                && !entry.name.StartsWith("backbone.body.bn1.", StringComparison.Ordinal)
                && !entry.name.StartsWith("backbone.body.layer1.", StringComparison.Ordinal), entry.parameter.requires_grad));
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using Detector model = Small();
        model.train();
        LiveTensors.Unchanged(() =>
        {
            random.manual_seed(1);
            using DetectionBatch batch = Batch(false);
            Losses losses = model.ComputeLosses(batch);
            using (Tensor total = losses.Total())
            using (NewDisposeScope())
                total.backward();
            foreach (var (_, value) in losses) value.Dispose();
        });
        model.eval();
        LiveTensors.Unchanged(() =>
        {
            Tensor[] images = Images();
            model.call(images);
            foreach (Tensor image in images) image.Dispose();
        });
    }

    private static Detector Small(RoiOptions? roi = null)
    {
        random.manual_seed(3);
        return DetectorCatalog.Create("fasterrcnn_resnet18_fpn", new DetectorOptions
        {
            NumClasses = 4, MinSize = 64, MaxSize = 128, Norm = NormKind.GroupNorm, Roi = roi ?? new RoiOptions(),
        });
    }

    private static Tensor[] Images()
    {
        using var generator = new Generator(5);
        return [rand([3, 60, 80], generator: generator), rand([3, 62, 85], generator: generator)];
    }

    private static DetectionBatch Batch(bool onlyBackground) => new()
    {
        Images = Images(),
        Targets =
        [
            new() { ImageId = 1, File = "1.jpg", Width = 80, Height = 60,
                Objects = onlyBackground ? [] : [new() { Id = 1, Box = new(10, 10, 50, 40), Label = 2, Area = 1200 }] },
            new() { ImageId = 2, File = "2.jpg", Width = 85, Height = 62 },
        ],
    };
}
