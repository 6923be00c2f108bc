using OpenCvSharp;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

public class TrainedSegmenterTests
{
    [Fact]
    public void WhatIsSavedIsWhatIsLoaded()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        using Segmenter saved = EverySegmenterTests.Small("unet_resnet18");
        saved.eval();
        SegmenterDescription description = new()
        {
            Model = "unet_resnet18", Categories = [new(0, "road"), new(1, "sky"), new(7, "tree"), new(9, "car")],
            Options = new() { NumClasses = 4 }, ShorterSide = 64,
            Colors = [(1, 2, 3), (4, 5, 6), (7, 8, 9), (250, 251, 252)],
        };
        WeightFile.WriteSafetensors(folder["a.safetensors"], saved.state_dict(), description.ToMetadata());
        using TrainedSegmenter loaded = TrainedSegmenter.Load(folder["a.safetensors"]);
        Assert.Equal(description.Categories, loaded.Categories);
        Assert.Equal(description.Colors, loaded.Description.Colors);
        Assert.Equal(64, loaded.View.ShorterSide);

        using Mat image = new(64, 96, MatType.CV_8UC3);
        new Random(1).NextBytes(image.AsSpan<byte>());
        Close.To(loaded.Probabilities(image), saved.Logits(ImageTensor.From(image))[0].softmax(0), 1e-5);
        Assert.Equal((96, 64), (loaded.Predict(image).Width, loaded.Predict(image).Height));
        Assert.Contains("holds a unet_resnet18, not a fcn_resnet18",
            Assert.Throws<InputException>(() => TrainedSegmenter.Load(folder["a.safetensors"], "fcn_resnet18")).Message);
    }

    [Fact]
    public void PublishedWeightsAreTakenForVocs()
    {
        using TempFolder folder = new();
        using Segmenter published = SegmenterCatalog.Create("lraspp_mobilenet_v3_small", new() { NumClasses = 21 });
        WeightFile.WriteSafetensors(folder["a.safetensors"], published.state_dict(), new Dictionary<string, string>());
        using TrainedSegmenter loaded = TrainedSegmenter.Load(folder["a.safetensors"], "lraspp_mobilenet_v3_small");
        Assert.Equal("aeroplane", loaded.Categories[1].Name);
        Assert.Equal(520, loaded.View.ShorterSide);
        Assert.Contains("name it", Assert.Throws<InputException>(() => TrainedSegmenter.Load(folder["a.safetensors"])).Message);
    }
}
