using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

[Trait("Category", "Slow")]
public class OneStageParityTests
{
    [SkippableTheory]
    [InlineData("retinanet", "retinanet_resnet18_fpn", "opencv-doc")]
    [InlineData("retinanet_published", "retinanet_resnet50_fpn", "coco128")]
    [InlineData("retinanet_v2", "retinanet_resnet18_fpn_v2", "coco128")]
    [InlineData("fcos", "fcos_resnet18_fpn", "opencv-doc")]
    [InlineData("ssd", "ssd300_vgg11", "opencv-doc")]
    [InlineData("ssdlite", "ssdlite320_mobilenet_v3_large", "coco128")]
    public void DetectionsLossesAndGradientsAreTorchvisions(string kind, string name, string source)
    {
        using var folder = new TempFolder();
        Peer.Run("onestage.py", [folder["weights.pth"], folder["out.pth"], kind, .. Photographs.From(source)]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        DetectorOptions options = DetectorWeights.OptionsFor(name, weights, "weights.pth");
        Assert.Equal(6, options.NumClasses);
        if (!kind.StartsWith("ssd", StringComparison.Ordinal)) options = options with { MinSize = 160, MaxSize = 256 };
        using Detector model = DetectorCatalog.Create(name, options with { FrozenStages = kind == "retinanet_published" ? 2 : 0 });
        DetectorWeights.Load(model, weights, "weights.pth");

        PeerNetwork.GiveInput(model, expected["batch"]);
        Tensor[] images = [expected["image.0"], expected["image.1"]];
        model.eval();
        Detections[] found = model.call(images);
        for (int i = 0; i < found.Length; i++)
            SameDetections.Assert(found[i], ParityTargets.Detections(i, expected), 1e-4f, 0.02f);

        PeerNetwork.TrainInDouble(model, weights);
        foreach (var dropout in model.modules().Where(module => module.GetName() == "Dropout")) dropout.eval();
        random.manual_seed(2);
        var batch = new DetectionBatch { Images = images,
            Targets = [.. images.Select((image, i) => ParityTargets.Of(image, i, expected))] };
        Losses losses = model.ComputeLosses(batch);
        Assert.Equal(expected.Keys.Where(key => key.StartsWith("loss.", StringComparison.Ordinal)).Order(),
            losses.Select(loss => "loss." + loss.Name).Order());
        foreach (var (loss, value) in losses) Close.To(value, expected["loss." + loss], 1e-6, loss);

        losses.Total().backward();
        PeerNetwork.AssertGradients(model, expected, 1e-5);
    }

    [SkippableFact]
    public void StateDictsAreTorchvisions()
    {
        string[] names = ["retinanet_resnet50_fpn", "retinanet_resnet50_fpn_v2", "fcos_resnet50_fpn", "ssd300_vgg16",
            "ssdlite320_mobilenet_v3_large"];
        using var folder = new TempFolder();
        Peer.Run("onestage_keys.py", [folder["keys.pth"], .. names]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["keys.pth"]);
        foreach (string name in names)
        {
            using Detector model = DetectorCatalog.Create(name, DetectorCatalog.DefaultsOf(name, 6));
            var actual = model.state_dict();
            Assert.Equal(expected.Keys.Where(key => key.StartsWith(name + ":", StringComparison.Ordinal)).Order(),
                actual.Keys.Select(key => $"{name}:{key}").Order());
            foreach (var (key, value) in actual) Assert.Equal(expected[$"{name}:{key}"].ToHost<long>(), value.shape);
        }
    }
}
