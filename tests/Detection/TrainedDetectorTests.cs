using System.Text.Json;
using OpenCvSharp;
using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class TrainedDetectorTests
{
    // Weights without running statistics do not tell which normalization they belong to: the description does.
    [Theory]
    [InlineData("resnet18", NormKind.GroupNorm), InlineData("convnext_tiny", null), InlineData("resnet18", null),
        InlineData("resnet18", NormKind.FrozenBatchNorm)]
    public void WhatWasSavedIsLoadedWithItsNormalization(string backbone, NormKind? norm)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string file = folder["weights.safetensors"];
        DetectorOptions options = new() { NumClasses = 2, Backbone = backbone, Norm = norm, MinSize = 64, MaxSize = 96 };
        using Detector saved = DetectorCatalog.Create("fasterrcnn_resnet50_fpn", options);
        WeightFile.WriteSafetensors(file, saved.state_dict(),
            Described("fasterrcnn_resnet50_fpn", options, new Category(7, "cell")).ToMetadata());

        using TrainedDetector loaded = TrainedDetector.Load(file);
        Assert.Equal([new Category(7, "cell")], loaded.Categories);
        Assert.Equal(64, loaded.Description.Options.MinSize);
        Dictionary<string, Tensor> weights = loaded.Model.state_dict();
        foreach (var (key, value) in saved.state_dict()) Close.To(weights[key], value, 0, key);
    }

    [Fact]
    public void ADescriptionKeepsTheSkeletonOfItsCategories()
    {
        Category person = new(1, "person") { Keypoints = ["nose", "left_eye", "right_eye"], Skeleton = [(0, 1), (0, 2)] };
        DetectorDescription description = Described("keypointrcnn_resnet50_fpn", new() { NumClasses = 2 }, person);
        Category read = Assert.Single(DetectorDescription.FromMetadata(description.ToMetadata(), "weights")!.Categories);
        Assert.Equal(person, read);
        Assert.Equal(person.Skeleton, read.Skeleton);
        Assert.Equal([0, -1, 1], Enumerable.Range(0, 3).Select(read.SideOf));
    }

    [Fact]
    public void EveryOptionIsKept()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string file = folder["weights.safetensors"];
        DetectorOptions options = SmallDetectors.Options("detr_resnet50") with { MinSize = 64, MaxSize = 96 };
        options = options with { Detr = options.Detr with { Heads = 2, Queries = 5 },
            Roi = options.Roi with { Suppression = new() { Kind = SuppressionKind.SoftLinear } } };
        using Detector saved = DetectorCatalog.Create("detr_resnet50", options);
        WeightFile.WriteSafetensors(file, saved.state_dict(),
            Described("detr_resnet50", options, [.. Enumerable.Range(1, 4).Select(id => new Category(id, $"{id}"))]).ToMetadata());

        using TrainedDetector loaded = TrainedDetector.Load(file);
        using TrainedDetector changed = TrainedDetector.Load(file, configure: own => own with { MaxSize = 128 });

        Assert.Equal(JsonSerializer.Serialize(options with { ChannelsLast = true }), JsonSerializer.Serialize(loaded.Description.Options));
        Assert.Equal((64, 128), (changed.Description.Options.MinSize, changed.Description.Options.MaxSize));
        saved.eval();
        Tensor image = rand(3, 60, 80);
        loaded.ScoreThreshold = 0;
        Assert.Equal(saved.call([image])[0].Scores, loaded.Predict(image).Scores, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void AFileOfAnEarlyVersionIsLoaded()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string file = folder["weights.safetensors"];
        using Detector saved = DetectorCatalog.Create("fasterrcnn_resnet18_fpn", new() { NumClasses = 2, Norm = NormKind.GroupNorm });
        WeightFile.WriteSafetensors(file, saved.state_dict(), new Dictionary<string, string>
        {
            ["model"] = "fasterrcnn_resnet18_fpn", ["categories"] = """[{"Id":7,"Name":"cell"}]""", ["norm"] = "GroupNorm",
            ["min_size"] = "64", ["max_size"] = "96", ["image_mean"] = "[0.1,0.2,0.3]", ["image_std"] = "[1,1,1]",
        });

        using TrainedDetector loaded = TrainedDetector.Load(file);

        DetectorOptions options = loaded.Description.Options;
        Assert.Equal((NormKind.GroupNorm, 64, 96, 0.2f), (options.Norm, options.MinSize, options.MaxSize, options.ImageMean[1]));
        Assert.Equal([new Category(7, "cell")], loaded.Categories);
    }

    [Fact]
    public void EveryKindOfImageGivesTheSame()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string file = folder["weights.safetensors"], photograph = folder["photograph.png"];
        DetectorOptions options = SmallDetectors.Options("fasterrcnn_resnet50_fpn");
        using Detector saved = DetectorCatalog.Create("fasterrcnn_resnet50_fpn", options);
        Category[] categories = [.. Enumerable.Range(1, 4).Select(id => new Category(10 * id, $"class {id}"))];
        WeightFile.WriteSafetensors(file, saved.state_dict(), Described("fasterrcnn_resnet50_fpn", options, categories).ToMetadata());
        using TrainedDetector detector = TrainedDetector.Load(file);
        detector.ScoreThreshold = 0;
        using Mat pixels = new(60, 80, MatType.CV_8UC3);
        Cv2.Randu(pixels, OpenCvSharp.Scalar.All(0), OpenCvSharp.Scalar.All(255));
        Cv2.ImWrite(photograph, pixels);
        using Mat image = ImageFile.Read(photograph);

        Detections expected = detector.Predict(photograph);

        Assert.NotEmpty(expected);
        Assert.All(expected, found => Assert.Contains(found.Category, categories));
        Assert.Equal(expected.ToArray(), detector.Predict(image).ToArray());
        Assert.Equal(expected.ToArray(), detector.Predict(ImageTensor.From(image)).ToArray());
        Assert.All(detector.Predict([photograph, photograph]), found => Assert.Equal(expected.ToArray(), found.ToArray()));
        Assert.All(detector.Predict([image, image]), found => Assert.Equal(expected.ToArray(), found.ToArray()));
        detector.ScoreThreshold = expected[0].Score;
        Assert.Equal(expected[0], detector.Predict(photograph)[0]);
        Assert.All(detector.Predict(photograph), found => Assert.InRange(found.Score, expected[0].Score, 1));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void ThreadsShareAModel()
    {
        using var scope = NewDisposeScope();
        foreach (string name in (string[])["fasterrcnn_resnet50_fpn", "ssd300_vgg16", "yolox_resnet50"])
        {
            using Detector model = SmallDetectors.Small(name);
            model.eval();
            // More shapes than are kept: every thread makes the others' grids go.
            Tensor[] images = [.. Enumerable.Range(0, 12).Select(i => rand(3, 40 + 8 * i, 120 - 8 * i))];
            float[][] expected = [.. images.Select(image => model.call([image])[0].Scores)];
            Parallel.For(0, 4 * images.Length, new() { MaxDegreeOfParallelism = 4 }, i =>
            {
                using var own = NewDisposeScope();
                Assert.Equal(expected[i % images.Length], model.call([images[i % images.Length]])[0].Scores,
                    (a, b) => Math.Abs(a - b) < 1e-4);
            });
        }
    }

    private static DetectorDescription Described(string model, DetectorOptions options, params Category[] categories) =>
        new() { Model = model, Options = options, Categories = categories };
}
