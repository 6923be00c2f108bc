using Vision.Backbones;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class OneStageTests
{
    [Fact]
    public void FrozenStagesOfATakenApartBackboneStayInEvaluation()
    {
        using Detector model = DetectorCatalog.Create("ssdlite320_mobilenet_v3_small",
            DetectorCatalog.DefaultsOf("ssdlite320_mobilenet_v3_small", 4) with { FrozenStages = 1 });
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
    public void AClassifiersWeightsGoIntoNumberedFeatures()
    {
        using var scope = NewDisposeScope();
        const string name = "fasterrcnn_mobilenet_v3_small_fpn";
        using Backbone classifier = BackboneRegistry.Create("mobilenet_v3_small", new());
        using Detector model = DetectorCatalog.Create(name, DetectorCatalog.DefaultsOf(name, 4));
        DetectorWeights.LoadForTraining(model, name, classifier.state_dict(), "mobilenet.pth");
        Close.To(model.state_dict()["backbone.body.12.0.weight"], classifier.state_dict()["features.12.0.weight"], 0);
    }

    [Fact]
    public void EveryEdgeOfAFreshFcosPassesAGradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        using FcosHead head = new(64, 4);
        var (_, distances, _) = head.call([randn(2, 64, 8, 12), randn(2, 64, 4, 6)]);
        Assert.True(distances.gt(0).all().item<bool>(), "An edge of some point is dead.");
    }

    [Fact]
    public void SizesThatAreNoSquareAreAnsweredWithTheRemedy()
    {
        var error = Assert.Throws<ArgumentException>(() => DetectorCatalog.Create("yolox_resnet18", new() { NumClasses = 2 }));
        Assert.StartsWith("This detector needs square inputs, but MinSize is 800 and MaxSize is 1333; set both to the side of the square",
            error.Message);
        error = Assert.Throws<ArgumentException>(() =>
            DetectorCatalog.Create("ssd300_resnet18", new() { NumClasses = 2, MinSize = 64, MaxSize = 64 }));
        Assert.StartsWith("The image's side is 64 pixels; expected 288 or more", error.Message);
    }
}
