using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>Compares a detector with the peer's on two photographs: detections, masks,
/// keypoints, losses, gradients and running means.</summary>
internal static class PeerDetector
{
    /// <summary>Asserts that the detector is that of the script.</summary>
    /// <param name="script">In tools/Parity; takes weights, output, <paramref name="kind"/> and photographs.</param>
    /// <param name="kind">What the script should make.</param>
    /// <param name="name">The detector's name in the catalog.</param>
    public static void AssertSame(string script, string kind, string name)
    {
        using var folder = new TempFolder();
        Peer.Run(script, [folder["weights.pth"], folder["out.pth"], kind, .. Photographs.From("coco128")]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        DetectorOptions options = DetectorWeights.OptionsFor(name, weights, "weights.pth");
        options = options with
        {
            MinSize = 160, MaxSize = 256,
            Rpn = options.Rpn with { TrainProposals = 200, PredictProposals = 200 },
            Roi = options.Roi with { SamplesPerImage = 32, DetectionsPerImage = 40 },
        };
        bool mobile = name.Contains("mobilenet", StringComparison.Ordinal);
        using Detector model = DetectorCatalog.Create(name,
            options with { FrozenStages = options.Norm == NormKind.FrozenBatchNorm && !mobile ? 2 : 0 });
        DetectorWeights.Load(model, weights, "weights.pth");

        PeerNetwork.GiveInput(model, expected["batch"]);
        Tensor[] images = [expected["image.0"], expected["image.1"]];
        model.eval();
        Detections[] found = model.call(images);
        for (int i = 0; i < found.Length; i++) SameDetections.Assert(found[i], Expected(i, expected, images[i]), 1e-4f, 0.02f);

        PeerNetwork.TrainInDouble(model, weights);
        random.manual_seed(2);
        var batch = new DetectionBatch { Images = images, Targets = [.. images.Select((image, i) => TargetsOf(image, i, expected))] };
        Losses losses = model.ComputeLosses(batch);
        foreach (var (loss, value) in losses) Close.To(value, expected[loss], 1e-6, loss);
        Assert.Equal(expected.Keys.Count(key => key.StartsWith("loss_", StringComparison.Ordinal)), losses.Count());
        Close.To(rand(4), expected["random"], 0, "the random numbers after the losses");

        losses.Total().backward();
        PeerNetwork.AssertGradients(model, expected, 1e-5);
    }

    private static Detections Expected(int image, Dictionary<string, Tensor> expected, Tensor pixels)
    {
        string prefix = $"detections.{image}.";
        float[] scores = expected[prefix + "scores"].ToHost<float>();
        float[][][]? keypoints = expected.TryGetValue(prefix + "keypoints", out Tensor? points)
            ? [.. points.ToHost<float>().Chunk(3).Chunk((int)points.shape[1])] : null;
        float[][]? keypointScores = keypoints is null
            ? null : [.. expected[prefix + "keypoints_scores"].ToHost<float>().Chunk(keypoints[0].Length)];
        return new()
        {
            Boxes = [.. expected[prefix + "boxes"].ToHost<float>().Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))],
            Labels = [.. expected[prefix + "labels"].ToHost<long>().Select(label => (int)label)],
            Scores = scores,
            Masks = expected.TryGetValue(prefix + "masks", out Tensor? masks) ? MasksOf(masks) : null,
            Keypoints = keypoints?.Select((own, i) =>
                own.Select((point, k) => new Keypoint(point[0], point[1], keypointScores![i][k])).ToArray()).ToArray(),
        };
    }

    private static RleMask[] MasksOf(Tensor masks)
    {
        var (height, width) = ((int)masks.shape[1], (int)masks.shape[2]);
        return [.. masks.ToHost<byte>().Chunk(height * width).Select(pixels => RleMask.Encode(pixels, width, height))];
    }

    private static Targets TargetsOf(Tensor image, int i, Dictionary<string, Tensor> expected)
    {
        string prefix = $"targets.{i}.";
        float[][] boxes = [.. expected[prefix + "boxes"].ToHost<float>().Chunk(4)];
        long[] labels = expected[prefix + "labels"].ToHost<long>();
        RleMask[]? masks = boxes.Length > 0 && expected.TryGetValue(prefix + "masks", out Tensor? pixels) ? MasksOf(pixels) : null;
        float[][][]? keypoints = boxes.Length > 0 && expected.TryGetValue(prefix + "keypoints", out Tensor? points)
            ? [.. points.ToHost<float>().Chunk(3).Chunk((int)points.shape[1])] : null;
        IEnumerable<Annotation> objects = boxes.Select((box, j) => new Annotation
        {
            Id = j, Box = new(box[0], box[1], box[2], box[3]), Label = (int)labels[j], Area = 1,
            Segment = masks is null ? null : new Segment { Runs = masks[j] },
            Keypoints = keypoints?[j].Select(point => new Keypoint(point[0], point[1], point[2])).ToArray(),
        });
        // The peer does not know this one: crowds are not trained on.
        var crowd = new Annotation { Id = 99, Box = new(0, 0, 100, 100), Label = 1, Area = 1, IsCrowd = true };
        return new() { ImageId = i, File = $"{i}.jpg", Width = (int)image.shape[2], Height = (int)image.shape[1],
            Objects = [.. objects, crowd] };
    }
}
