using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

public class SegmenterViewsTests
{
    private static Segmenter Model()
    {
        Segmenter model = EverySegmenterTests.Small("deeplabv3plus_resnet18");
        model.eval();
        return model;
    }

    [Fact]
    public void OneLookIsTheModelsOwn()
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        Tensor image = rand(3, 64, 96), probabilities = new SegmenterViews(model, new()).Probabilities(image);
        Close.To(probabilities, model.Logits(image)[0].softmax(0), 1e-5);
        SegmentationMap map = new SegmenterViews(model, new()).Map(image);
        Assert.Equal((96, 64), (map.Width, map.Height));
        Assert.Equal(probabilities.argmax(0).to(uint8).bytes.ToArray(), map.Classes);
    }

    [Fact]
    public void TheMirroredImageGivesTheMirroredResult()
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        SegmenterViews views = new(model, new() { Flip = true });
        Tensor image = rand(3, 64, 96);
        Close.To(views.Probabilities(image.flip(2)), views.Probabilities(image).flip(2), 1e-5);
    }

    [Theory, InlineData(ViewFusion.Mean), InlineData(ViewFusion.Max)]
    public void ScalesBecomeProbabilitiesOfTheImagesSize(ViewFusion fusion)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        Tensor image = rand(3, 50, 71);
        Tensor fused = new SegmenterViews(model, new() { Scales = [0.5, 1, 1.5], Fusion = fusion, ShorterSide = 64 }).Probabilities(image);
        Assert.Equal([4, 50, 71], fused.shape);
        Close.To(fused.sum(0, false), ones(50, 71), 1e-5);
        Tensor one = new SegmenterViews(model, new() { Scales = [1], Fusion = fusion }).Probabilities(image);
        Close.To(one, new SegmenterViews(model, new()).Probabilities(image), 1e-6, "one scale");
    }

    [Theory, InlineData(64, 0.0), InlineData(64, 0.25), InlineData(96, 0.5)]
    public void WindowsCoverEveryPixelAndSeeWhatIsThere(int side, double overlap)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Model();
        SegmenterView view = new() { Window = side, Overlap = overlap };
        foreach (var (height, width) in new[] { (200, 150), (30, 300), (64, 65) })
        {
            Tensor probabilities = new SegmenterViews(model, view).Probabilities(rand(3, height, width));
            Assert.Equal([4, height, width], probabilities.shape);
            Close.To(probabilities.sum(0, false), ones(height, width), 1e-5);
        }
        // A window is the image that it shows, wherever it lies: here two of them lie side by side, or one is all.
        Tensor small = rand(3, side, side);
        Close.To(new SegmenterViews(model, view).Probabilities(small), new SegmenterViews(model, new()).Probabilities(small), 1e-5,
            "one window");
        if (overlap == 0)
        {
            Tensor twice = new SegmenterViews(model, view).Probabilities(cat([small, small], 2)),
                once = new SegmenterViews(model, new()).Probabilities(small);
            Close.To(twice, cat([once, once], 2), 1e-5, "two windows");
        }
    }

    [Fact]
    public void NothingIsKept()
    {
        using Segmenter model = Model();
        SegmenterViews views = new(model, new() { Scales = [0.5, 1], Flip = true, Window = 64 });
        using Tensor image = rand(3, 100, 80);
        LiveTensors.Unchanged(() => views.Map(image));
    }

    [Fact]
    public void WhatMeansNothingIsRefused()
    {
        using Segmenter model = Model();
        Assert.Contains("scales", Assert.Throws<ArgumentException>(() => new SegmenterViews(model, new() { Scales = [] })).Message);
        Assert.Contains("window is 8", Assert.Throws<ArgumentException>(() => new SegmenterViews(model, new() { Window = 8 })).Message);
        Assert.Contains("overlap is 1", Assert.Throws<ArgumentException>(() => new SegmenterViews(model, new() { Overlap = 1 })).Message);
    }
}
