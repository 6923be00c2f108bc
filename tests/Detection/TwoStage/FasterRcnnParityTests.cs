using Vision.Backbones;
using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

[Trait("Category", "Slow")]
public class FasterRcnnParityTests
{
    [SkippableTheory]
    [InlineData("resnet18", "batch", "opencv-doc")]
    [InlineData("resnet50", "frozen", "coco128")]
    [InlineData("resnet50", "published", "opencv-doc")]
    public void DetectionsLossesAndGradientsAreTorchvisions(string backbone, string norm, string source)
    {
        using var folder = new TempFolder();
        Peer.Run("detector.py", [folder["weights.pth"], folder["out.pth"], backbone, norm, .. Photographs.From(source)]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        DetectorOptions options = DetectorWeights.OptionsFor($"fasterrcnn_{backbone}_fpn", weights, "weights.pth") with
        {
            MinSize = 160, MaxSize = 256, Roi = new() { SamplesPerImage = 64 },
        };
        if (norm == "published") options = options with { Rpn = new() { TrainTopPerLevel = 100, TrainProposals = 100 } };
        Assert.Equal(6, options.NumClasses);
        Assert.Equal(norm == "batch" ? NormKind.BatchNorm : NormKind.FrozenBatchNorm, options.Norm);
        using Detector model = DetectorCatalog.Create($"fasterrcnn_{backbone}_fpn",
            options with { FrozenStages = norm == "batch" ? 0 : 2 });
        DetectorWeights.Load(model, weights, "weights.pth");

        PeerNetwork.GiveInput(model, expected["batch"]);
        Tensor[] images = [expected["image.0"], expected["image.1"]];
        model.eval();
        Detections[] found = model.call(images);
        for (int i = 0; i < found.Length; i++) SameDetections.Assert(found[i], ParityTargets.Detections(i, expected), 1e-4f, 0.02f);

        PeerNetwork.TrainInDouble(model, weights);
        random.manual_seed(2);
        var batch = new DetectionBatch { Images = images,
            Targets = [.. images.Select((image, i) => ParityTargets.Of(image, i, expected))] };
        Losses losses = model.ComputeLosses(batch);
        Assert.Equal(["loss_classifier", "loss_box_reg", "loss_objectness", "loss_rpn_box_reg"], losses.Select(loss => loss.Name));
        foreach (var (name, value) in losses) Close.To(value, expected[name], 1e-6, name);
        Close.To(rand(4), expected["random"], 0, "the random numbers after the losses");

        losses.Total().backward();
        PeerNetwork.AssertGradients(model, expected, 1e-5);
        Assert.Equal(norm == "batch", model.get_parameter("backbone.body.conv1.weight")!.grad is not null);
    }
}
