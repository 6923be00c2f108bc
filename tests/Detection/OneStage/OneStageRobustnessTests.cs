using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class OneStageRobustnessTests
{
    /// <summary>Each architecture of one stage, on a small backbone.</summary>
    public static TheoryData<string> Names =>
    [
        "retinanet_resnet18_fpn", "retinanet_resnet18_fpn_v2", "fcos_resnet18_fpn", "ssd300_vgg11", "ssd300_resnet18",
        "ssdlite320_mobilenet_v3_small", "ssdlite320_resnet18", "yolov3_resnet18", "yolox_resnet18",
    ];

    [Theory, MemberData(nameof(Names))]
    public void LossesAndGradientsAreFiniteWhateverTheImage(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        model.train();
        // One pixel, one row, one column, nothing to find, and three hundred objects, many of them in one place.
        DetectionBatch batch = Batch((1, 1, 1), (1, 4000, 2), (4000, 1, 2), (60, 80, 0), (120, 90, 300));
        Losses losses = model.ComputeLosses(batch);
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is {loss.Value.item<float>()}."));
        losses.Total().backward();
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.isfinite().all().item<bool>(), $"{key} has no gradient, or one that is not finite.");

        model.eval();
        Detections[] found = model.call([.. batch.Images]);
        for (int i = 0; i < found.Length; i++)
        {
            float width = batch.Images[i].shape[2] * 1.001f, height = batch.Images[i].shape[1] * 1.001f;
            Assert.All(found[i].Scores, score => Assert.InRange(score, 0, 1));
            Assert.Equal(found[i].Scores.OrderDescending(), found[i].Scores);
            Assert.All(found[i].Labels, label => Assert.InRange(label, 1, 3));
            Assert.All(found[i].Boxes, box => Assert.True(box.X1 >= 0 && box.Y1 >= 0 && box.X2 <= width && box.Y2 <= height, $"{box} is outside of image {i}."));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void ABatchWithoutObjectsTrains(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        model.train();
        Losses losses = model.ComputeLosses(Batch((60, 80, 0), (50, 40, 0)));
        losses.Total().backward();
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is {loss.Value.item<float>()}."));
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.isfinite().all().item<bool>(), $"{key} has no gradient, or one that is not finite.");
    }

    [Theory, MemberData(nameof(Names))]
    public void NoTensorIsLeftBehind(string name)
    {
        using Detector model = Small(name);
        model.train();
        LiveTensors.Unchanged(() =>
        {
            random.manual_seed(1);
            using DetectionBatch batch = Batch((60, 80, 2), (60, 80, 0));
            Losses losses = model.ComputeLosses(batch);
            using (Tensor total = losses.Total()) total.backward();
            foreach (var (_, value) in losses) value.Dispose();
        });
        model.eval();
        LiveTensors.Unchanged(() =>
        {
            using DetectionBatch batch = Batch((60, 80, 0));
            model.call([.. batch.Images]);
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void AStateDictTellsItsOptionsAndNoOtherArchitecturesTakeIt(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = Small(name);
        var weights = model.state_dict();
        Assert.Equal(4, DetectorWeights.OptionsFor(name, weights, "test").NumClasses);
        DetectorArchitecture own = DetectorCatalog.ArchitectureOf(name);
        string[] takers = [.. ((IEnumerable<object[]>)Names).Select(row => (string)row[0]).Where(other => DetectorCatalog.ArchitectureOf(other) != own && DetectorCatalog.ArchitectureOf(other).ClassesOf(weights) is not null)];
        Assert.Empty(takers);
    }

    [Fact]
    public void FrozenStagesOfATakenApartBackboneStayInEvaluation()
    {
        using Detector model = DetectorCatalog.Create("ssdlite320_mobilenet_v3_small", DetectorCatalog.DefaultsOf("ssdlite320_mobilenet_v3_small", 4) with { FrozenStages = 1 });
        model.train();
        Assert.False(model.named_modules().Single(entry => entry.name == "backbone.features.0.0").module.training);
        Assert.True(model.named_modules().Single(entry => entry.name == "backbone.features.1").module.training);
        Assert.False(model.named_parameters().Single(entry => entry.name == "backbone.features.0.0.0.weight").parameter.requires_grad);
    }

    [Fact]
    public void AClassifiersWeightsGoIntoATakenApartBackbone()
    {
        using var scope = NewDisposeScope();
        using Backbone classifier = BackboneRegistry.Create("vgg11", new() { NumClasses = 0 });
        using Detector model = DetectorCatalog.Create("ssd300_vgg11", DetectorCatalog.DefaultsOf("ssd300_vgg11", 4));
        DetectorWeights.LoadForTraining(model, "ssd300_vgg11", classifier.state_dict(), "vgg11.pth");
        Close.To(model.state_dict()["backbone.features.0.weight"], classifier.state_dict()["features.0.weight"], 0);
        Close.To(model.state_dict()["backbone.extra.0.1.weight"], classifier.state_dict()["features.16.weight"], 0);
    }

    [Fact]
    public void SizesThatAreNoSquareAreAnsweredWithTheRemedy()
    {
        var error = Assert.Throws<ArgumentException>(() => DetectorCatalog.Create("yolox_resnet18", new() { NumClasses = 2 }));
        Assert.StartsWith("This detector sees squares, and MinSize is 800 but MaxSize 1333: set both to the side of the square", error.Message);
        error = Assert.Throws<ArgumentException>(() => DetectorCatalog.Create("ssd300_resnet18", new() { NumClasses = 2, MinSize = 64, MaxSize = 64 }));
        Assert.StartsWith("The image's side is 64 pixels; expected 288 or more", error.Message);
    }

    /// <summary>Group normalisation where the fresh layers would otherwise see a batch of a single value.</summary>
    internal static Detector Small(string name)
    {
        random.manual_seed(3);
        DetectorOptions options = DetectorCatalog.DefaultsOf(name, 4);
        if (!name.Contains("vgg", StringComparison.Ordinal)) options = options with { Norm = NormKind.GroupNorm };
        if (!name.StartsWith("ssd", StringComparison.Ordinal)) options = options with { MinSize = 128, MaxSize = 128, Yolo = options.Yolo with { Width = 32 } };
        return DetectorCatalog.Create(name, options);
    }

    private static DetectionBatch Batch(params (int Height, int Width, int Objects)[] images)
    {
        using var generator = new Generator(5);
        return new()
        {
            Images = [.. images.Select(image => rand([3, image.Height, image.Width], generator: generator))],
            Targets = [.. images.Select((image, i) => new Targets
            {
                ImageId = i, File = $"{i}.jpg", Width = image.Width, Height = image.Height, Objects = [.. Enumerable.Range(0, image.Objects).Select(j => Place(image.Height, image.Width, j))],
            })],
        };
    }

    private static Annotation Place(int height, int width, int j)
    {
        float x = j % 7 / 10f * width, y = j % 5 / 8f * height;
        return new() { Id = j, Box = new(x, y, x + 0.3f * width, y + 0.35f * height), Label = 1 + j % 3, Area = 1 };
    }
}
