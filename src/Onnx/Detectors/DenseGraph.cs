using TorchSharp;
using Vision.Detection;
using Vision.Onnx.Building;
using static TorchSharp.torch;

namespace Vision.Onnx.Detectors;

/// <summary>One-stage detectors as graphs: what their <c>PredictAt</c> does for one image.</summary>
internal sealed class DenseGraph
{
    private readonly DetectorParts parts;
    private readonly PreparedImage image;
    private readonly OnnxGraphBuilder builder;
    private readonly OnnxValue[] outputs;

    /// <summary>The network's outputs for an image.</summary>
    /// <param name="parts">The detector.</param>
    /// <param name="input">Its preprocessing.</param>
    /// <param name="pixels">The image, [1, 3, H, W] in [0, 1].</param>
    public DenseGraph(DetectorParts parts, DetectorInput input, OnnxValue pixels)
    {
        (this.parts, builder) = (parts, pixels.Builder);
        image = PreparedImage.Of(pixels, input);
        outputs = parts.Call(0, image.Pixels);
    }

    /// <summary>A RetinaNet: levels, logits [1, A, classes], deltas [1, A, 4].</summary>
    public DetectorOutputs Detect(RetinaNet net)
    {
        AnchorGrid anchors = AnchorGrid.Of(net.Anchors, outputs[..^2], image.Pixels.Sizes(2));
        OnnxValue scores = Sigmoid(Row(^2).Slice(1, 1, long.MaxValue));
        var found = DenseCandidates.OfLevels(scores, anchors.PerLevel, net.Thresholds.ScoreThreshold, net.Thresholds.TopPerLevel);
        OnnxValue boxes = BoxDecoding.Deltas(BoxCoder.ForProposals, Row(^1).Gather(found.Places), anchors.Rows.Gather(found.Places));
        return Kept(found, boxes, net.Suppressor);
    }

    /// <summary>An FCOS: levels, logits [1, A, classes], distances [1, A, 4], centerness [1, A].</summary>
    public DetectorOutputs Detect(Fcos net)
    {
        AnchorGrid points = AnchorGrid.Of(net.Points, outputs[..^3], image.Pixels.Sizes(2));
        OnnxValue scores = builder.Op("Sqrt", Sigmoid(Row(^3).Slice(1, 1, long.MaxValue)) * Sigmoid(Row(^1)).Unsqueeze(1));
        var found = DenseCandidates.OfLevels(scores, points.PerLevel, net.Thresholds.ScoreThreshold, net.Thresholds.TopPerLevel);
        OnnxValue boxes = BoxDecoding.Distances(Row(^2).Gather(found.Places), points.Rows.Gather(found.Places));
        return Kept(found, boxes, net.Suppressor);
    }

    /// <summary>An SSD: maps, logits [1, A, classes], deltas [1, A, 4].</summary>
    public DetectorOutputs Detect(Ssd net)
    {
        AnchorGrid defaults = Fixed(net.Input, 2, (maps, side) => (net.DefaultBoxes.For(maps, side), []));
        OnnxValue scores = builder.Op("Softmax", [Row(^2)], ("axis", 1)).Slice(1, 1, long.MaxValue);
        var found = DenseCandidates.OfClasses(scores, net.Thresholds.ScoreThreshold, net.Thresholds.TopPerClass);
        OnnxValue boxes = BoxDecoding.Deltas(BoxCoder.ForDetections, Row(^1).Gather(found.Places), defaults.Rows.Gather(found.Places));
        return Kept(found, boxes, net.Suppressor);
    }

    /// <summary>A YOLOv3: levels, logits [1, A, C], coded boxes [1, A, 4], objectness [1, A].</summary>
    public DetectorOutputs Detect(YoloV3 net)
    {
        AnchorGrid priors = Fixed(net.Input, 3, (levels, side) =>
        {
            var (rows, _, cells) = net.Rows(levels, side.Width);
            return (rows, [.. cells.Select(count => count * YoloPriors.PerCell)]);
        });
        DenseCandidates found = OfYolo(priors, net.Thresholds);
        return Kept(found, BoxDecoding.Priors(Row(^2).Gather(found.Places), priors.Rows.Gather(found.Places)), net.Suppressor);
    }

    /// <summary>A YOLOX: levels, logits [1, A, C], coded boxes [1, A, 4], objectness [1, A].</summary>
    public DetectorOutputs Detect(YoloX net)
    {
        AnchorGrid cells = Fixed(net.Input, 3, (levels, side) => net.Grid.For(levels, side.Width));
        DenseCandidates found = OfYolo(cells, net.Thresholds);
        return Kept(found, BoxDecoding.Cells(Row(^2).Gather(found.Places), cells.Rows.Gather(found.Places)), net.Suppressor);
    }

    private DenseCandidates OfYolo(AnchorGrid places, YoloOptions thresholds) => DenseCandidates.OfLevels(
        Sigmoid(Row(^3)) * Sigmoid(Row(^1)).Unsqueeze(1), places.PerLevel, thresholds.ScoreThreshold, thresholds.TopPerLevel);

    private DetectorOutputs Kept(DenseCandidates candidates, OnnxValue boxes, Suppressor suppressor)
    {
        FoundObjects found = Suppression.Keep(new(boxes, candidates.Scores, candidates.Labels), suppressor, parts.Classes, image);
        return new(found.Boxes * image.ToOriginal, found.Scores, found.Labels);
    }

    /// <summary>The places of a detector whose input always has the same size: computed here.</summary>
    private AnchorGrid Fixed(DetectorInput input, int others, Func<Tensor[], ImageSize, (Tensor Rows, long[] PerLevel)> of)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = input.ForPrediction([zeros(3, 1, 1)], CPU);
        Tensor[] levels = parts.Detector.Parts[0].Call(batch.Pixels)[..^others];
        var (rows, perLevel) = of(levels, batch.PaddedSize);
        return AnchorGrid.Of(builder, rows, perLevel);
    }

    /// <summary>One of the outputs, for the only image.</summary>
    private OnnxValue Row(Index index) => outputs[index].Squeeze(0);

    private OnnxValue Sigmoid(OnnxValue logits) => builder.Op("Sigmoid", logits);
}
