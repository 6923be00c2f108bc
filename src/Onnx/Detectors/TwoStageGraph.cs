using Vision.Detection;
using Vision.Onnx.Building;

namespace Vision.Onnx.Detectors;

/// <summary>Two-stage detectors as graphs: what their <c>PredictAt</c> does for one image.</summary>
internal sealed class TwoStageGraph
{
    private readonly Rcnn detector;
    private readonly DetectorParts parts;
    private readonly PreparedImage image;
    private readonly OnnxGraphBuilder builder;
    private readonly OnnxValue[] levels;
    private readonly OnnxValue proposals;

    /// <summary>The first stage: levels and proposals.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="pixels">The image, [1, 3, H, W] in [0, 1].</param>
    public TwoStageGraph(Rcnn detector, DetectorParts parts, OnnxValue pixels)
    {
        (this.detector, this.parts, builder) = (detector, parts, pixels.Builder);
        image = PreparedImage.Of(pixels, detector.Rules.Input);
        OnnxValue[] judged = parts.Call(0, image.Pixels);
        levels = judged[..^2];
        AnchorGrid anchors = AnchorGrid.Of(detector.Anchors, levels, image.Pixels.Sizes(2));
        proposals = ProposalSelection.Keep(detector.Rules.PredictionProposals, anchors, judged[^2].Squeeze(0),
            judged[^1].Squeeze(0), image);
    }

    /// <summary>The detections, with masks or keypoints where the detector has them.</summary>
    public DetectorOutputs Detect()
    {
        FoundObjects found = detector is CascadeRcnn ? Cascaded() : Judged();
        OnnxValue boxes = found.Boxes * image.ToOriginal;
        DetectorOutputs outputs = new(boxes, found.Scores, found.Labels);
        int last = detector.Poolers.Count - 1;
        return detector switch
        {
            MaskRcnn or CascadeRcnn { HasMasks: true } => outputs with { Masks = Masks(last, found, boxes) },
            KeypointRcnn => outputs with { Keypoints = Keypoints(last, found) },
            _ => outputs,
        };
    }

    private FoundObjects Judged()
    {
        OnnxValue[] judged = Head(0, proposals);                                        // [R, classes], [R, classes, 4]
        return Filtered(builder.Op("Softmax", [judged[0]], ("axis", 1)), judged[1], BoxCoder.ForDetections, proposals);
    }

    /// <summary>Each stage refines the boxes of the previous one; the scores are the mean of all.</summary>
    private FoundObjects Cascaded()
    {
        IReadOnlyList<BoxCoder> coders = CascadeRcnn.Coders;
        OnnxValue regions = proposals;
        OnnxValue[] scores = new OnnxValue[coders.Count], deltas = new OnnxValue[coders.Count];
        for (int stage = 0; stage < coders.Count; stage++)
        {
            if (stage > 0)
                regions = BoxDecoding.Clip(BoxDecoding.Deltas(coders[stage - 1], deltas[stage - 1].Squeeze(1), regions), image.Limits);
            OnnxValue[] judged = Head(stage, regions);                                  // [R, classes], [R, 1, 4]
            (scores[stage], deltas[stage]) = (builder.Op("Softmax", [judged[0]], ("axis", 1)), judged[1]);
        }
        return Filtered(builder.Op("Mean", scores), deltas[^1], coders[^1], regions, classAgnostic: true);
    }

    /// <summary>A head's outputs for some regions.</summary>
    private OnnxValue[] Head(int head, OnnxValue regions) =>
        parts.Call(1 + head, RegionPooling.Pool(detector.Poolers[head], levels, regions));

    /// <summary>As <see cref="DetectionFilter.Keep"/>.</summary>
    private FoundObjects Filtered(OnnxValue scores, OnnxValue deltas, BoxCoder coder, OnnxValue regions, bool classAgnostic = false)
    {
        DetectionFilter filter = detector.Rules.DetectionFilter;
        OnnxValue above = scores.Slice(1, 1, long.MaxValue) > (float)filter.ScoreThreshold;
        OnnxValue pairs = builder.Op("NonZero", above).Transpose(1, 0);                 // rows and classes: [K, 2]
        OnnxValue rows = pairs.Gather(builder.Const(0L), 1), labels = pairs.Gather(builder.Const(1L), 1) + 1L;
        OnnxValue at = Pairs(rows, labels);
        OnnxValue own = classAgnostic ? deltas.Squeeze(1).Gather(rows) : builder.Op("GatherND", deltas, at);
        OnnxValue boxes = BoxDecoding.Deltas(coder, own, regions.Gather(rows));
        return Suppression.Keep(new(boxes, builder.Op("GatherND", scores, at), labels), filter.Suppressor, parts.Classes, image);
    }

    /// <summary>The mask of each object's class, in the original image.</summary>
    private OnnxValue Masks(int head, FoundObjects found, OnnxValue boxes)
    {
        OnnxValue logits = Head(head, found.Boxes)[0];                                  // [D, classes, side, side]
        OnnxValue own = builder.Op("GatherND", logits, Pairs(builder.Range(found.Labels.Size(0)), found.Labels));
        return MaskPasting.Paste(builder.Op("Sigmoid", own), 2 * detector.Poolers[head].Side, boxes, image.OriginalSize);
    }

    private OnnxValue Keypoints(int head, FoundObjects found)
    {
        OnnxValue points = KeypointReading.Read(Head(head, found.Boxes)[0], found.Boxes);
        return points * builder.Concat(0, image.ToOriginal.Slice(0, 0, 2), builder.Const([1f]));
    }

    private OnnxValue Pairs(OnnxValue rows, OnnxValue columns) => builder.Concat(1, rows.Unsqueeze(1), columns.Unsqueeze(1));
}
