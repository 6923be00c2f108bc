using Vision.Backbones;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class DetectorWeightsTests
{
    private const string Name = "fasterrcnn_resnet18_fpn";

    [Fact]
    public void ADetectorOfOtherClassesLendsAllButItsLastLayers()
    {
        using var scope = NewDisposeScope();
        using Detector teacher = Create(5), pupil = Create(3), twin = Create(5);
        Assert.Equal(["roi_heads.box_predictor.*"], DetectorWeights.LoadForTraining(pupil, Name, teacher.state_dict(), "teacher"));
        Close.To(pupil.state_dict()["rpn.head.conv.0.0.weight"], teacher.state_dict()["rpn.head.conv.0.0.weight"], 0);
        Assert.Equal([3, 1024], pupil.state_dict()["roi_heads.box_predictor.cls_score.weight"].shape);

        Assert.Empty(DetectorWeights.LoadForTraining(twin, Name, teacher.state_dict(), "teacher"));
        foreach (var (key, value) in twin.state_dict()) Close.To(value, teacher.state_dict()[key], 0, key);
    }

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("resnet18"), InlineData("mobilenet_v3_small"), InlineData("efficientnet_b0"), InlineData("regnet_y_400mf"),
        InlineData("convnext_tiny"), InlineData("densenet121"), InlineData("vgg11"), InlineData("swin_t"), InlineData("preact_resnet18"),
        InlineData("resnet20_cifar")]
    public void AClassifierLendsItsBackbone(string name)
    {
        using var scope = NewDisposeScope();
        using Backbone classifier = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 7 });
        using Detector detector = DetectorCatalog.Create(Name, new DetectorOptions { NumClasses = 3, Backbone = name });
        DetectorWeights.LoadForTraining(detector, Name, classifier.state_dict(), name + ".pth");
        Dictionary<string, Tensor> given = classifier.state_dict();
        foreach (var (key, value) in detector.Backbone.state_dict()) Close.To(value, given[key], 0, key);
    }

    [Fact]
    public void AnotherNetworksWeightsAreRefused()
    {
        using var scope = NewDisposeScope();
        using Detector detector = Create(3);
        using Backbone other = BackboneRegistry.Create("resnet34", new BackboneOptions());
        Assert.Throws<WeightsMismatchException>(() => DetectorWeights.Load(detector, other.state_dict(), "resnet34.pth"));
        var error = Assert.Throws<WeightsException>(() => DetectorWeights.OptionsFor(Name, other.state_dict(), "resnet34.pth"));
        Assert.StartsWith("resnet34.pth does not contain weights of a fasterrcnn_resnet18_fpn", error.Message);
    }

    [Fact]
    public void PresentWeightsAreLeftAsTheyAre()
    {
        using var scope = NewDisposeScope();
        using Detector detector = Create(3);
        Dictionary<string, Tensor> weights = detector.state_dict();
        Assert.Same(weights, DetectorWeights.Upgrade(weights));
    }

    private static Detector Create(int classes) => DetectorCatalog.Create(Name, new DetectorOptions { NumClasses = classes });
}
