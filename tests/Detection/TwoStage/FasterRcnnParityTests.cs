using Vision.Backbones;
using Vision.Backbones.Weights;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class FasterRcnnParityTests
{
    [SkippableTheory]
    [InlineData("resnet18", "batch", "opencv-doc", 1e-4)]
    [InlineData("resnet50", "frozen", "coco128", 1e-4)]
    [InlineData("resnet50", "published", "opencv-doc", 1e-2)]           // rounds otherwise, which moves activations across the ReLU's kink
    public void DetectionsLossesAndGradientsAreTorchvisions(string backbone, string norm, string source, double gradientTolerance)
    {
        using var folder = new TempFolder();
        Peer.Run("detector.py", [folder["weights.pth"], folder["out.pth"], backbone, norm, .. Photographs.From(source)]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        DetectorOptions options = DetectorWeights.OptionsFor($"fasterrcnn_{backbone}_fpn", weights, "weights.pth") with { MinSize = 200, MaxSize = 320 };
        if (norm == "published")
            options = options with { Rpn = new RpnOptions { TrainTopPerLevel = 100, TrainProposals = 100 }, Roi = new RoiOptions { SamplesPerImage = 64 } };
        Assert.Equal(6, options.NumClasses);
        Assert.Equal(norm == "batch" ? NormKind.BatchNorm : NormKind.FrozenBatchNorm, options.Norm);
        using Detector model = DetectorCatalog.Create($"fasterrcnn_{backbone}_fpn", options with { FrozenStages = norm == "batch" ? 0 : 2 });
        DetectorWeights.Load(model, weights, "weights.pth");

        Tensor[] images = [expected["image.0"], expected["image.1"], expected["image.2"]];
        model.eval();
        Detections[] found = model.call(images);
        for (int i = 0; i < found.Length; i++) SameDetections.Assert(found[i], Expected(i, expected), 1e-3f, 0.05f);

        model.train();
        random.manual_seed(2);
        var batch = new DetectionBatch { Images = images, Targets = [.. images.Select((image, i) => TargetsOf(image, i, expected))] };
        Losses losses = model.ComputeLosses(batch);
        Assert.Equal(["loss_classifier", "loss_box_reg", "loss_objectness", "loss_rpn_box_reg"], losses.Select(loss => loss.Name));
        foreach (var (name, value) in losses) Close.To(value, expected[name], 1e-4, name);
        Close.To(rand(4), expected["random"], 0, "the random numbers after the losses");

        losses.Total().backward();
        Dictionary<string, Tensor> gradients = model.named_parameters().Where(entry => entry.parameter.grad is not null)
            .ToDictionary(entry => "grad." + entry.name, entry => entry.parameter.grad!);
        foreach (var (name, gradient) in expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal)))
        {
            double error = ((gradients[name] - gradient).norm() / gradient.norm()).item<float>();
            Assert.True(error < gradientTolerance, $"{name} is off by {error:G3} of its norm.");
        }
        Assert.Equal(norm == "batch", gradients.ContainsKey("grad.backbone.body.conv1.weight"));
        foreach (var (name, buffer) in model.named_buffers().Where(entry => expected.ContainsKey("after." + entry.name)))
            Close.To(buffer, expected["after." + name], 1e-5, name);
    }

    private static Detections Expected(int image, Dictionary<string, Tensor> expected) => new()
    {
        Boxes = [.. expected[$"detections.{image}.boxes"].ToHost<float>().Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))],
        Labels = [.. expected[$"detections.{image}.labels"].ToHost<long>().Select(label => (int)label)],
        Scores = expected[$"detections.{image}.scores"].ToHost<float>(),
    };

    private static Targets TargetsOf(Tensor image, int i, Dictionary<string, Tensor> expected)
    {
        float[][] boxes = [.. expected[$"targets.{i}.boxes"].ToHost<float>().Chunk(4)];
        long[] labels = expected[$"targets.{i}.labels"].ToHost<long>();
        IEnumerable<Annotation> objects = boxes.Select((box, j) => new Annotation
        {
            Id = j, Box = new(box[0], box[1], box[2], box[3]), Label = (int)labels[j], Area = 1,
        });
        // The peer does not know this one: crowds are not trained on.
        var crowd = new Annotation { Id = 99, Box = new(0, 0, 100, 100), Label = 1, Area = 1, IsCrowd = true };
        return new() { ImageId = i, File = $"{i}.jpg", Width = (int)image.shape[2], Height = (int)image.shape[1], Objects = [.. objects, crowd] };
    }
}
