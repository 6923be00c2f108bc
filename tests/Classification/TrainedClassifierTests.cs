using OpenCvSharp;
using TorchSharp;
using Vision.Backbones;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Classification.Tests;

public class TrainedClassifierTests
{
    [Fact]
    public void The_preprocessing_can_be_changed_on_loading()
    {
        random.manual_seed(4);
        using TempFolder folder = new();
        using Backbone network = BackboneRegistry.Create("resnet20_cifar", new BackboneOptions { NumClasses = 3 });
        ClassifierDescription small = new()
        {
            Model = "resnet20_cifar", Categories = [new(0, "a"), new(1, "b"), new(2, "c")],
            Preprocessing = new(32, 32, InterpolationMode.Bilinear),
        };
        ClassifierDescription large = small with { Preprocessing = new(64, 48, InterpolationMode.Bilinear) };
        WeightFile.WriteSafetensors(folder["small.safetensors"], network.state_dict(), small.ToMetadata());
        WeightFile.WriteSafetensors(folder["large.safetensors"], network.state_dict(), large.ToMetadata());
        using Mat image = new(70, 90, MatType.CV_8UC3);
        new Random(5).NextBytes(image.AsSpan<byte>());

        using TrainedClassifier changed = TrainedClassifier.Load(folder["small.safetensors"],
            configure: preprocessing => preprocessing with { Resize = 64, Crop = 48 });
        using TrainedClassifier saved = TrainedClassifier.Load(folder["large.safetensors"]);

        Assert.Equal(48, changed.Description.Preprocessing.Crop);
        Assert.Equal(saved.Predict(image).Scores, changed.Predict(image).Scores);
        using TrainedClassifier unchanged = TrainedClassifier.Load(folder["small.safetensors"]);
        Assert.NotEqual(saved.Predict(image).Scores, unchanged.Predict(image).Scores);
    }

    [Fact]
    public void Compiled_it_gives_the_same_scores()
    {
        random.manual_seed(4);
        using TempFolder folder = new();
        using Backbone network = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 3 });
        ClassifierDescription description = new()
        {
            Model = "resnet18", Categories = [new(0, "a"), new(1, "b"), new(2, "c")],
                Preprocessing = new(72, 64, InterpolationMode.Bilinear),
        };
        WeightFile.WriteSafetensors(folder["a.safetensors"], network.state_dict(), description.ToMetadata());
        using Mat image = new(70, 90, MatType.CV_8UC3);
        new Random(5).NextBytes(image.AsSpan<byte>());
        using TrainedClassifier classifier = TrainedClassifier.Load(folder["a.safetensors"]);

        IReadOnlyList<float> eager = classifier.Predict(image).Scores;
        classifier.Compile();
        IReadOnlyList<float> compiled = classifier.Predict(image).Scores;

        for (int i = 0; i < 3; i++) Assert.Equal(eager[i], compiled[i], 1e-5f);
        LiveTensors.Unchanged(() => classifier.Predict(image));
    }
}
