using TorchSharp;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>What holds for every detector of the catalog, on any backbone and whatever the images.</summary>
[Trait("Category", "Slow")]
public class EveryDetectorTests
{
    private static readonly string[] backbones = ["resnet18", "mobilenet_v3_small", "regnet_x_400mf", "efficientnet_b0", "convnext_tiny"];

    public static TheoryData<string> Names => [.. DetectorCatalog.DefaultNames];

    public static TheoryData<string, string> OnFiveBackbones
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in DetectorCatalog.DefaultNames)
                foreach (string backbone in backbones) all.Add(name, backbone);
            return all;
        }
    }

    [Theory, MemberData(nameof(OnFiveBackbones))]
    public void ItTrainsAndPredictsOnAnyBackbone(string name, string backbone)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name, backbone);
        CheckTraining(model, Batch((60, 80, 3), (70, 50, 1)));
        CheckPrediction(model, name, [rand(3, 60, 80), rand(3, 33, 97)]);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItTakesImagesOfAnyShapeWithAnyNumberOfObjects(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name);
        // One pixel, one row, one column, nothing to find, and three hundred objects, many of them in one place.
        DetectionBatch batch = Batch((1, 1, 1), (1, 4000, 2), (4000, 1, 2), (60, 80, 0), (120, 90, 300));
        CheckTraining(model, batch);
        CheckPrediction(model, name, batch.Images);
        CheckTraining(model, Batch((60, 80, 0), (50, 40, 0)));
    }

    /// <summary>Losses and gradients are in float32; what lies before them is in 16 bits, so they differ a little.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ItTrainsInMixedPrecision(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name);
        DetectionBatch batch = Batch((60, 80, 3), (70, 50, 1));
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) CheckTraining(model, batch);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
        Losses Of()
        {
            random.manual_seed(1);
            return model.ComputeLosses(batch);
        }
        Losses exact = Of(), mixed;
        using (new Autocast(DeviceType.CPU, ScalarType.BFloat16)) mixed = Of();
        Assert.All(mixed, loss => Assert.Equal(ScalarType.Float32, loss.Value.dtype));
        double expected = exact.Total().item<float>(), actual = mixed.Total().item<float>();
        Assert.Equal(expected, actual, 0.1 * expected);
        Assert.NotEqual(expected, actual);
    }

    /// <summary>In double precision, which shows as well that every parameter and buffer comes along: libtorch mixes no types.</summary>
    [Theory, MemberData(nameof(Names))]
    public void MemoryFormatChangesNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        using Detector plain = SmallDetectors.Small(name, adapt: options => options with { ChannelsLast = false });
        using Detector rearranged = SmallDetectors.Small(name);
        DetectionBatch batch = Batch((60, 80, 3), (70, 50, 1));
        foreach (Detector model in (Detector[])[plain, rearranged])
        {
            model.to(float64);
            model.Backbone.modules().OfType<nn.Module<Tensor, Tensor>>().First(layer => Conv3x3.ParametersOf(layer) is not null)
                .register_forward_pre_hook((_, pixels) => pixels.to(float64));
            random.manual_seed(7);
            CheckTraining(model, batch);
        }
        double largest = plain.named_parameters().Max(entry => entry.parameter.grad!.abs().max().item<double>());
        foreach (var ((key, expected), (_, actual)) in plain.named_parameters().Zip(rearranged.named_parameters()))
            Close.To(actual.grad!, expected.grad!, 1e-7, $"gradient of {key}", floor: 1e-9 * largest);
    }

    [Theory, MemberData(nameof(Names))]
    public void OnePictureAloneGivesWhatItGivesAmongOthers(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name);
        model.eval();
        Tensor[] images = [rand(3, 60, 80), rand(3, 60, 80)];
        Detections[] together = model.call(images);
        for (int i = 0; i < images.Length; i++)
        {
            Detections alone = model.call([images[i]])[0];
            Assert.True(alone.Count > 0, "Nothing is found: the comparison shows nothing.");
            Assert.Equal(alone.Count, together[i].Count);
            for (int j = 0; j < alone.Count; j++) Assert.Equal(alone.Scores[j], together[i].Scores[j], 1e-4f);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void NothingFoundIsAnEmptyList(string name)
    {
        if (name.StartsWith("detr_", StringComparison.Ordinal)) return;         // it gives an answer for each query, however unsure
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name, scoreThreshold: 1);
        model.eval();
        Detections found = Assert.Single(model.call([rand(3, 60, 80)]));
        Assert.Equal((0, 0, 0), (found.Count, found.Labels.Length, found.Scores.Length));
        DetectorTask task = DetectorCatalog.ArchitectureOf(name).Task;
        Assert.Equal(task == DetectorTask.Instance, found.Masks is { Length: 0 });
        Assert.Equal(task == DetectorTask.Keypoint, found.Keypoints is { Length: 0 });
    }

    [Theory, MemberData(nameof(Names))]
    public void NoTensorIsLeftBehind(string name)
    {
        using Detector model = SmallDetectors.Small(name);
        model.train();
        LiveTensors.Unchanged(() =>
        {
            random.manual_seed(1);
            using DetectionBatch batch = Batch((60, 80, 2), (60, 80, 0));
            Losses losses = model.ComputeLosses(batch);
            // Gradients that C# functions hand to libtorch belong to the scope around the backward pass, as in the trainer.
            using (Tensor total = losses.Total())
            using (NewDisposeScope())
                total.backward();
            foreach (var (_, value) in losses) value.Dispose();
        });
        model.eval();
        LiveTensors.Unchanged(() =>
        {
            using Tensor image = rand(3, 60, 80);
            model.call([image]);
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void AStateDictTellsItsOptionsAndNoOtherArchitecturesTakeIt(string name)
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small(name);
        var weights = model.state_dict();
        DetectorOptions options = DetectorWeights.OptionsFor(name, weights, "test");
        DetectorArchitecture own = DetectorCatalog.ArchitectureOf(name);
        Assert.Equal(5, options.NumClasses);
        if (own.Task == DetectorTask.Keypoint) Assert.Equal(3, options.NumKeypoints);
        string[] takers = [.. DetectorCatalog.DefaultNames.Where(other => Network(other) != Network(name)
            && DetectorCatalog.ArchitectureOf(other).ClassesOf(weights) is not null)];
        Assert.Empty(takers);
    }

    /// <summary>What a state dict can tell: a MobileNet's detectors are one network at several
    /// sizes, and DETR's keys do not show a dilation.</summary>
    private static (string, string) Network(string name) => DetectorCatalog.ArchitectureOf(name) switch
    {
        { Prefix: "detr_" } => ("detr_", ""),
        { Prefix: var prefix, Suffix: "_320_fpn" } => (prefix, "_fpn"),
        var other => (other.Prefix, other.Suffix),
    };

    private static void CheckTraining(Detector model, DetectionBatch batch)
    {
        model.train();
        foreach (var (_, parameter) in model.named_parameters()) parameter.grad = null;
        Losses losses = model.ComputeLosses(batch);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss.Value.ToDouble()), $"{loss.Name} is {loss.Value.ToDouble()}."));
        losses.Total().backward();
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && Finite.All(parameter.grad), $"{key} has no gradient, or one that is not finite.");
    }

    private static void CheckPrediction(Detector model, string name, IReadOnlyList<Tensor> images)
    {
        model.eval();
        Detections[] found = model.call([.. images]);
        Assert.Equal(images.Count, found.Length);
        Assert.True(found.Sum(one => one.Count) > 0, "Nothing is found: there is nothing to check.");
        DetectorTask task = DetectorCatalog.ArchitectureOf(name).Task;
        for (int i = 0; i < found.Length; i++)
        {
            int height = (int)images[i].shape[1], width = (int)images[i].shape[2];
            Assert.All(found[i].Scores, score => Assert.InRange(score, 0, 1));
            Assert.Equal(found[i].Scores.OrderDescending(), found[i].Scores);
            Assert.All(found[i].Labels, label => Assert.InRange(label, 1, 4));
            Assert.All(found[i].Boxes, box =>
                Assert.True(box.X1 >= 0 && box.Y1 >= 0 && box.X2 <= width * 1.001f && box.Y2 <= height * 1.001f,
                    $"{box} is outside of image {i}."));
            Assert.Equal(task == DetectorTask.Instance, found[i].Masks is not null);
            Assert.Equal(task == DetectorTask.Keypoint, found[i].Keypoints is not null);
            foreach (RleMask mask in found[i].Masks ?? []) Assert.Equal((width, height), (mask.Width, mask.Height));
            foreach (Keypoint[] points in found[i].Keypoints ?? []) Assert.Equal(3, points.Length);
        }
    }

    /// <summary>Noise with objects of classes 1 to 3; class 4 is never seen.</summary>
    internal static DetectionBatch Batch(params (int Height, int Width, int Objects)[] images)
    {
        using var generator = new Generator(5);
        return new()
        {
            Images = [.. images.Select(image => rand([3, image.Height, image.Width], generator: generator))],
            Targets = [.. images.Select((image, i) => new Targets
            {
                ImageId = i, File = $"{i}.jpg", Width = image.Width, Height = image.Height,
                Objects = [.. Enumerable.Range(0, image.Objects).Select(j => Place(image.Height, image.Width, j))],
            })],
        };
    }

    private static Annotation Place(int height, int width, int j)
    {
        float x = j % 7 / 10f * width, y = j % 5 / 8f * height;
        Box box = new(x, y, x + 0.3f * width, y + 0.35f * height);
        return new()
        {
            Id = j, Box = box, Label = 1 + j % 3, Area = 1,
            Segment = new Segment { Polygons = [[box.X1, box.Y1, box.X2, box.Y1, box.X2, box.Y2, box.X1, box.Y2]] },
            Keypoints = [new(box.X1, box.Y1, 2), new(box.X2, box.Y2, 1), new(0, 0, 0)],
        };
    }
}
