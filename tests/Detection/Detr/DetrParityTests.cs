using System.Text.Json;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

[Trait("Category", "Slow")]
public class DetrParityTests
{
    private static readonly DetrOptions small =
        new() { Queries = 7, Width = 32, Heads = 4, EncoderLayers = 2, DecoderLayers = 3, FeedForward = 64 };

    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("dc5")]
    public void DetectionsLossesAndGradientsAreThoseOfThePapersEquations(string kind)
    {
        // torchvision's resnet18 cannot be dilated.
        string backbone = kind == "dc5" ? "resnet50" : "resnet18", name = $"detr_{backbone}{(kind == "dc5" ? "_dc5" : "")}";
        using var folder = new TempFolder();
        Peer.Run("detr.py", [folder["weights.pth"], folder["out.pth"], backbone, kind, .. Photographs.From("opencv-doc")]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        DetectorOptions options = DetectorWeights.OptionsFor(name, weights, "weights.pth")
            with { MinSize = 200, MaxSize = 320, FrozenStages = 2 };
        Assert.Equal(small with { Heads = 8 }, options.Detr);
        options = options with { Detr = small };
        Assert.Equal(6, options.NumClasses);
        using Detector model = DetectorCatalog.Create(name, options);
        DetectorWeights.Load(model, weights, "weights.pth");

        PeerNetwork.GiveInput(model, expected["batch"]);
        Tensor[] images = [expected["image.0"], expected["image.1"]];
        model.eval();
        Detections[] found = model.call(images);
        for (int i = 0; i < found.Length; i++)
        {
            Close.To(tensor(found[i].Scores), expected[$"detections.{i}.scores"], 1e-4, "scores");
            Assert.Equal(expected[$"detections.{i}.labels"].ToHost<long>(), found[i].Labels.Select(label => (long)label));
            Close.To(tensor((float[])[.. found[i].Boxes.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })]).reshape(-1, 4),
                expected[$"detections.{i}.boxes"], 1e-4, "boxes");
        }

        PeerNetwork.TrainInDouble(model, weights);
        random.manual_seed(2);
        Losses losses = model.ComputeLosses(
            new DetectionBatch { Images = images, Targets = [.. images.Select((image, i) => ParityTargets.Of(image, i, expected))] });
        Assert.Equal(["loss_ce", "loss_bbox", "loss_giou", "loss_ce_0", "loss_bbox_0", "loss_giou_0",
            "loss_ce_1", "loss_bbox_1", "loss_giou_1"], losses.Select(loss => loss.Name));
        foreach (var (loss, value) in losses) Close.To(value, expected[loss], 1e-6, loss);
        Close.To(rand(4), expected["random"], 0, "the random numbers after the losses");

        losses.Total().backward();
        Assert.True(expected.Keys.Count(key => key.StartsWith("grad.", StringComparison.Ordinal)) > 60, "Few gradients are compared.");
        PeerNetwork.AssertGradients(model, expected, 1e-5);
    }

    [SkippableFact]
    public void TheStateDictIsThatOfThePublishedNetwork()
    {
        var expected = JsonSerializer.Deserialize<Dictionary<string, long[]>>(Peer.Run("detr.py", "keys"))!;
        using Detector model = DetectorCatalog.Create("detr_resnet50",
            new() { NumClasses = 91, Norm = Backbones.NormKind.FrozenBatchNorm });
        Dictionary<string, Tensor> state = model.state_dict();
        Assert.Equal(expected.Keys.Order(), state.Keys.Order());
        Assert.All(expected, entry => Assert.Equal(entry.Value, state[entry.Key].shape));
        Assert.Equal([92], state["class_embed.bias"].shape);
    }
}
