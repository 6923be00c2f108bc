using Vision.Backbones;
using Vision.Weights;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class TrainedDetectorTests
{
    // Weights without running statistics do not tell which normalisation they belong to: the description does.
    [Theory]
    [InlineData("resnet18", NormKind.GroupNorm), InlineData("convnext_tiny", null), InlineData("resnet18", null), InlineData("resnet18", NormKind.FrozenBatchNorm)]
    public void WhatWasSavedIsLoadedWithItsNormalisation(string backbone, NormKind? norm)
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        string file = folder["weights.safetensors"];
        DetectorOptions options = new() { NumClasses = 2, Backbone = backbone, Norm = norm, MinSize = 64, MaxSize = 96 };
        using Detector saved = DetectorCatalog.Create("fasterrcnn_resnet50_fpn", options);
        WeightFile.WriteSafetensors(file, saved.state_dict(), DetectorDescription.Of("fasterrcnn_resnet50_fpn", options, [new Category(7, "cell")]).ToMetadata());

        using TrainedDetector loaded = TrainedDetector.Load(file);
        Assert.Equal([new Category(7, "cell")], loaded.Categories);
        Assert.Equal(64, loaded.Description.MinSize);
        Dictionary<string, Tensor> weights = loaded.Model.state_dict();
        foreach (var (key, value) in saved.state_dict()) Close.To(weights[key], value, 0, key);
    }

    [Fact]
    public void ADescriptionKeepsTheSkeletonOfItsCategories()
    {
        Category person = new(1, "person") { Keypoints = ["nose", "left_eye", "right_eye"], Skeleton = [(0, 1), (0, 2)] };
        DetectorDescription description = DetectorDescription.Of("keypointrcnn_resnet50_fpn", new() { NumClasses = 2 }, [person]);
        Category read = Assert.Single(DetectorDescription.FromMetadata(description.ToMetadata(), "weights")!.Categories);
        Assert.Equal(person, read);
        Assert.Equal(person.Skeleton, read.Skeleton);
        Assert.Equal([0, -1, 1], Enumerable.Range(0, 3).Select(read.SideOf));
    }
}
