using Vision.Backbones;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Classification.Tests;

public class ClassifierDescriptionTests
{
    private static readonly ClassifierDescription description = new()
    {
        Model = "resnet18",
        Categories = [new(4, "cat"), new(9, "dog, small")],
        Preprocessing = new(40, 36, InterpolationMode.Bicubic) { Mean = [0.1f, 0.2f, 0.3f], Std = [0.4f, 0.5f, 0.6f] },
    };

    [Fact]
    public void It_comes_back_out_of_metadata()
    {
        ClassifierDescription back = ClassifierDescription.FromMetadata(description.ToMetadata(), "file")!;
        Assert.Equal(description.Model, back.Model);
        Assert.Equal(description.Categories, back.Categories);
        Assert.Equal((40, 36, InterpolationMode.Bicubic),
            (back.Preprocessing.Resize, back.Preprocessing.Crop, back.Preprocessing.Interpolation));
        Assert.Equal(description.Preprocessing.Mean, back.Preprocessing.Mean);
        Assert.Equal(description.Preprocessing.Std, back.Preprocessing.Std);
    }

    [Fact]
    public void Metadata_of_others_is_none_and_damage_is_named()
    {
        Assert.Null(ClassifierDescription.FromMetadata(new Dictionary<string, string>(), "file"));
        Assert.Null(DetectorDescription.FromMetadata(description.ToMetadata(), "file"));
        Assert.Null(ClassifierDescription.FromMetadata(
            new DetectorDescription { Model = "fasterrcnn_resnet18_fpn", Options = new() { NumClasses = 2 },
                Categories = [new(1, "x")] }.ToMetadata(), "file"));
        Dictionary<string, string> damaged = new(description.ToMetadata()) { ["interpolation"] = "guesswork" };
        Assert.StartsWith("file: the description of the model",
            Assert.Throws<InputException>(() => ClassifierDescription.FromMetadata(damaged, "file")).Message);
    }

    [Fact]
    public void Published_weights_bring_their_preprocessing()
    {
        foreach (BackboneEntry entry in BackboneRegistry.Find("*"))
            foreach (PublishedWeights weights in entry.Facts.Weights)
                Assert.Equal(weights.Preprocessing,
                    ClassifierDescription.UsualPreprocessing(entry.Name, Path.Combine("/anywhere", Path.GetFileName(weights.Url))));
        Assert.Equal(224, ClassifierDescription.UsualPreprocessing("resnet18").Crop);
    }
}
