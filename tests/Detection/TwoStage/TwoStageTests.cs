using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>What holds for every detector of two stages.</summary>
public class TwoStageTests
{
    public static TheoryData<string> Names =>
    [
        "fasterrcnn_resnet18_fpn_v2", "fasterrcnn_mobilenet_v3_small_fpn", "fasterrcnn_resnet18_c4", "fasterrcnn_resnet18_dc5",
        "maskrcnn_resnet18_fpn", "keypointrcnn_resnet18_fpn", "cascade_rcnn_resnet18_fpn", "cascade_mask_rcnn_resnet18_fpn",
    ];

    [Theory, MemberData(nameof(Names))]
    public void EveryParameterGetsAGradient(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        model.train();
        Losses losses = model.ComputeLosses(Batch());
        losses.Total().backward();
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is not finite."));
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.isfinite().all().item<bool>(), $"{key} has no gradient, or one that is not finite.");
    }

    [Theory, MemberData(nameof(Names))]
    public void PredictionsAreInTheImageAndOfTheTask(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        model.eval();
        Detections found = Assert.Single(model.call([rand(3, 70, 110)]));
        Assert.Equal(found.Scores.OrderDescending(), found.Scores);
        Assert.All(found.Boxes, box => Assert.True(box is { X1: >= 0, Y1: >= 0, X2: <= 110.001f, Y2: <= 70.001f }, $"{box} is not inside the image."));
        DetectorTask task = DetectorCatalog.ArchitectureOf(name).Task;
        Assert.Equal(task == DetectorTask.Instance, found.Masks is not null);
        Assert.Equal(task == DetectorTask.Keypoint, found.Keypoints is not null);
        if (found.Masks is not null) Assert.All(found.Masks, mask => Assert.Equal((110, 70), (mask.Width, mask.Height)));
        if (found.Keypoints is not null) Assert.All(found.Keypoints, points => Assert.Equal(3, points.Length));
    }

    [Theory, MemberData(nameof(Names))]
    public void WeightsTellWhatTheyAreOf(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        Dictionary<string, Tensor> weights = model.state_dict();
        DetectorOptions options = DetectorWeights.OptionsFor(name, weights, "own");
        Assert.Equal(4, options.NumClasses);
        if (name.StartsWith("keypoint", StringComparison.Ordinal)) Assert.Equal(3, options.NumKeypoints);
        foreach (string other in ((IEnumerable<object[]>)Names).Select(row => (string)row[0]).Where(other => other != name))
            Assert.Null(DetectorCatalog.ArchitectureOf(other).ClassesOf(weights));
    }

    [Theory]
    [InlineData("maskrcnn_resnet18_fpn"), InlineData("keypointrcnn_resnet18_fpn"), InlineData("cascade_mask_rcnn_resnet18_fpn"), InlineData("fasterrcnn_resnet18_c4")]
    public void NoTensorIsLeftBehind(string name)
    {
        using Detector model = Small(name);
        model.train();
        LiveTensors.Unchanged(() =>
        {
            random.manual_seed(1);
            using DetectionBatch batch = Batch();
            Losses losses = model.ComputeLosses(batch);
            using (Tensor total = losses.Total()) total.backward();
            foreach (var (_, value) in losses) value.Dispose();
        });
        model.eval();
        LiveTensors.Unchanged(() =>
        {
            using Tensor image = rand(3, 60, 80);
            model.call([image]);
        });
    }

    [Fact]
    public void NothingFoundIsNoMasks()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small("maskrcnn_resnet18_fpn", new RoiOptions { ScoreThreshold = 1 });
        model.eval();
        Detections found = Assert.Single(model.call([rand(3, 60, 80)]));
        Assert.Equal(0, found.Count);
        Assert.Empty(found.Masks!);
    }

    [Fact]
    public void AnObjectWithoutAMaskIsNamed()
    {
        using var scope = NewDisposeScope();
        using Detector model = Small("maskrcnn_resnet18_fpn");
        var batch = Batch();
        batch.Targets[0] = batch.Targets[0] with { Objects = [batch.Targets[0].Objects[0] with { Segment = null }] };
        Assert.StartsWith("1.jpg: annotation 1 has no mask", Assert.Throws<InputException>(() => model.ComputeLosses(batch)).Message);
    }

    private static Detector Small(string name, RoiOptions? roi = null)
    {
        random.manual_seed(3);
        DetectorOptions options = DetectorCatalog.DefaultsOf(name, 4);
        return DetectorCatalog.Create(name, options with
        {
            MinSize = 64, MaxSize = 128, NumKeypoints = 3, Norm = NormKind.GroupNorm, Roi = roi ?? new RoiOptions { SamplesPerImage = 64 },
            Rpn = options.Rpn with { TrainProposals = 100, PredictProposals = 50, ScoreThreshold = 0 },
        });
    }

    private static DetectionBatch Batch() => new()
    {
        Images = [rand(3, 60, 80), rand(3, 62, 85)],
        Targets =
        [
            new()
            {
                ImageId = 1, File = "1.jpg", Width = 80, Height = 60,
                Objects =
                [
                    new()
                    {
                        Id = 1, Box = new(10, 10, 50, 40), Label = 2, Area = 1200,
                        Segment = new Segment { Polygons = [[10, 10, 50, 10, 50, 40, 10, 40]] }, Keypoints = [new(20, 20, 2), new(30, 30, 1), new(0, 0, 0)],
                    },
                ],
            },
            new() { ImageId = 2, File = "2.jpg", Width = 85, Height = 62 },
        ],
    };
}
