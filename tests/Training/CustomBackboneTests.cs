using Vision.Backbones;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Snippets;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Training.Tests;

/// <summary>The backbone of docs/guide/adding-a-backbone.md, once it has a name.</summary>
public class CustomBackboneTests
{
    static CustomBackboneTests() => TinyNetName.Register();

    [Trait("Category", "Slow")]
    [Fact]
    public void It_is_trained_saved_and_loaded_by_its_name_in_a_detector()
    {
        using TempFolder folder = new();
        DetectionDataset scenes = SmallScenes.Write(folder, 4);

        var run = DetectorTraining.Run("fasterrcnn_tinynet_fpn", new(scenes, scenes),
            new() { Folder = folder["run"], Epochs = 1, MinSize = 64, MaxSize = 96 }, new Recorder());
        using TrainedDetector detector = TrainedDetector.Load(run.Best);

        Assert.Equal("fasterrcnn_tinynet_fpn", detector.Description.Model);
        Assert.Contains(detector.Model.modules(), module => module is TinyNet);
    }

    [Fact]
    public void Segmenters_are_built_on_it_too()
    {
        using var scope = NewDisposeScope();
        using Segmenter segmenter = SegmenterCatalog.Create("deeplabv3_tinynet", new() { NumClasses = 3 });
        segmenter.eval();
        Assert.Equal([4, 8, 8, 8], segmenter.Backbone.Stages.Select(stage => stage.Reduction));
        Assert.Equal([1, 3, 33, 65], segmenter.Logits(rand(3, 33, 65)).shape);
    }

    [Fact]
    public void Its_facts_are_read_off_the_network()
    {
        BackboneFacts facts = BackboneRegistry.Get("tinynet").Facts;
        Assert.Equal([(32, 4), (64, 8), (128, 16), (256, 32)], facts.Stages);
        Assert.Equal(645_896, facts.Parameters);
        Assert.Empty(facts.Weights);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        Assert.StartsWith("There already is a backbone called 'resnet18'",
            Assert.Throws<ArgumentException>(() => BackboneRegistry.Add(BackboneRegistry.Get("resnet18"))).Message);
        Assert.StartsWith("There already is a detector called 'fasterrcnn_", Assert.Throws<ArgumentException>(() =>
            DetectorCatalog.Add(DetectorCatalog.ArchitectureOf("fasterrcnn_resnet50_fpn"))).Message);
        Assert.StartsWith("There already is a segmenter called 'fcn_", Assert.Throws<ArgumentException>(() =>
            SegmenterCatalog.Add(SegmenterCatalog.ArchitectureOf("fcn_resnet50"))).Message);
    }
}
