using OpenCvSharp;
using Vision.Backbones;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Classification.Tests;

/// <summary>Where a classifier sees its class, on the image as it was given.</summary>
public class ActivationMapTests
{
    [Fact]
    public void It_lies_on_the_square_that_the_network_is_shown()
    {
        using var scope = NewDisposeScope();
        using TrainedClassifier classifier = Classifier(resize: 40, crop: 32);
        // Twice as wide as high: 80×40 pixels, of which the network sees the middle 32×32.
        using Mat image = Noise(60, 30);
        Tensor map = classifier.ActivationMap(image);
        Assert.Equal([40, 80], map.shape);
        Tensor square = map.narrow(0, 4, 32).narrow(1, 24, 32);
        Assert.Equal(map.sum().item<float>(), square.sum().item<float>(), 1e-3f);
        Assert.InRange(square.max().item<float>(), 0.5f, 1);
        Assert.True(map.min().item<float>() >= 0);
    }

    [Fact]
    public void Small_images_are_seen_at_an_earlier_stage()
    {
        using var scope = NewDisposeScope();
        // Its last stage has a single step of 32 pixels.
        using TrainedClassifier classifier = Classifier(resize: 32, crop: 32, name: "resnet18");
        using Mat image = Noise(32, 32);
        Tensor map = classifier.ActivationMap(image);
        Assert.True((map.max() - map.min()).item<float>() > 0.3f);
    }

    [Fact]
    public void Black_around_a_small_image_is_cut_off()
    {
        using var scope = NewDisposeScope();
        using TrainedClassifier classifier = Classifier(resize: 24, crop: 32);
        using Mat image = Noise(30, 60);
        Assert.Equal([48, 24], classifier.ActivationMap(image).shape);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using TrainedClassifier classifier = Classifier(resize: 32, crop: 32);
        using Mat image = Noise(40, 40);
        LiveTensors.Unchanged(() => classifier.ActivationMap(image).Dispose());
    }

    private static TrainedClassifier Classifier(int resize, int crop, string name = "resnet20_cifar")
    {
        random.manual_seed(4);
        using TempFolder folder = new();
        using Backbone network = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 3 });
        ClassifierDescription description = new() { Model = name, Categories = [new(0, "a"), new(1, "b"), new(2, "c")],
            Preprocessing = new(resize, crop, InterpolationMode.Bilinear) };
        WeightFile.WriteSafetensors(folder["weights.safetensors"], network.state_dict(), description.ToMetadata());
        return TrainedClassifier.Load(folder["weights.safetensors"]);
    }

    private static Mat Noise(int width, int height)
    {
        Mat image = new(height, width, MatType.CV_8UC3);
        new Random(5).NextBytes(image.AsSpan<byte>());
        return image;
    }
}
