using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Cascade R-CNN (Cai &amp; Vasconcelos 2017, arXiv:1712.00726), with or without masks: three stages, each trained on the boxes refined by
/// the previous one, with a higher IoU threshold. Its parameters are detectron2's; the rest is this toolkit's Faster R-CNN.
/// </summary>
public sealed class CascadeRcnn : Rcnn
{
    private const string FirstBias = "roi_heads.box_predictor.0.cls_score.bias", MaskKey = "roi_heads.mask_predictor.mask_fcn_logits.bias";

    /// <summary>The box coder of each stage: boxes that are closer to the objects have smaller deltas, and greater weights.</summary>
    internal static IReadOnlyList<BoxCoder> Coders { get; } = [new(10, 5), new(20, 10), new(30, 15)];

    /// <summary>The matchers of the later stages, which require more overlap; the first stage is
    /// sampled by <see cref="RoiOptions.PositiveIou"/>.</summary>
    private static readonly Matcher[] matchers = [new(0.6, 0.6, keepBest: false), new(0.7, 0.7, keepBest: false)];

    private readonly CascadeRoiHeads roi_heads;
    private readonly bool masks;

    /// <summary>A detector with randomly initialized heads.</summary>
    /// <param name="design">The parts of the detector; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    /// <param name="masks">Whether it also predicts masks.</param>
    public CascadeRcnn(RcnnDesign design, DetectorOptions options, bool masks = false) : base(nameof(CascadeRcnn), design, options)
    {
        roi_heads = new CascadeRoiHeads(design, Coders.Count, options, masks);
        RegisterComponents();
        this.masks = masks;
    }

    /// <summary>Cascade R-CNN in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
        [Architecture("cascade_rcnn_", masks: false), Architecture("cascade_mask_rcnn_", masks: true)];

    private protected override IReadOnlyList<NetworkPart> HeadParts => roi_heads.Parts;

    /// <summary>Whether it also predicts masks.</summary>
    internal bool HasMasks => masks;

    internal override IReadOnlyList<RegionPooler> Poolers => roi_heads.Poolers;

    /// <inheritdoc/>
    public override Detections[] PredictAt(double scale, Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (ImageBatch batch, Tensor[] levels, Tensor[] regions) = Propose(images, scale);         // P2..P6, [Rᵢ, 4] xyxy
        var (scores, deltas) = (new Tensor[Coders.Count], new Tensor[Coders.Count]);
        for (int stage = 0; stage < Coders.Count; stage++)
        {
            if (stage > 0) regions = Refined(regions, deltas[stage - 1], Coders[stage - 1], batch.Sizes);
            (Tensor logits, deltas[stage]) = roi_heads.call(levels, regions, stage);            // [R, classes], [R, 1, 4]
            scores[stage] = softmax(logits, 1);
        }
        DetectedRegions found = DetectionFilter.Keep(stack(scores).mean([0]), deltas[^1], Coders[^1], regions, batch);
        Detections[] boxes = found.ToDetections(batch);
        if (!masks) return boxes;
        Tensor logitsOfMasks = MaskLoss.OfClass(roi_heads.Masks(levels, found.Boxes), cat(found.Labels));       // [D, 28, 28]
        return MaskPaster.Paste(boxes, logitsOfMasks.sigmoid(), batch.OriginalSizes);
    }

    /// <summary>The losses of a batch: <c>loss_cls_stage0</c> and <c>loss_box_reg_stage0</c> to <c>…stage2</c> as in detectron2,
    /// <c>loss_mask</c> with masks, and the losses of the region proposal network.</summary>
    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, an object lacks a required mask,
    /// or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        FirstStage first = TrainFirstStage(batch, masks);
        RoiSamples samples = first.Samples;

        Losses losses = new();
        for (int stage = 0; stage < Coders.Count; stage++)
        {
            (Tensor logits, Tensor deltas) = roi_heads.call(first.Levels, samples.Regions, stage);
            (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, samples, Coders[stage], beta: 0);
            losses.Add($"loss_cls_stage{stage}", classifier.MoveToOuterDisposeScope());
            losses.Add($"loss_box_reg_stage{stage}", box.MoveToOuterDisposeScope());
            if (stage == Coders.Count - 1) break;
            Tensor[] refined = [.. Refined(samples.Regions, deltas, Coders[stage], first.Images.Sizes).Select(WithArea)];
            samples = RoiSampler.Label(refined, first.Truth, matchers[stage]);
        }
        if (masks)
        {
            PositiveRegions positives = first.Samples.Positives();
            losses.Add("loss_mask", MaskLoss.Of(roi_heads.Masks(first.Levels, positives.Regions), positives, first.Truth)
                .MoveToOuterDisposeScope());
        }
        losses.Add("loss_objectness", first.ObjectnessLoss.MoveToOuterDisposeScope());
        losses.Add("loss_rpn_box_reg", first.BoxLoss.MoveToOuterDisposeScope());
        return losses;
    }

    /// <summary>The regions refined by a stage's deltas, clipped to their images; no gradient flows through them.</summary>
    private static Tensor[] Refined(Tensor[] regions, Tensor deltas, BoxCoder coder, ImageSize[] sizes)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor boxes = coder.Decode(deltas.squeeze(1), cat(regions));                           // [R, 4]
        Tensor limits = BoxMath.Limits(sizes, boxes.device);
        var refined = new Tensor[regions.Length];
        long start = 0;
        for (int i = 0; i < refined.Length; i++)
        {
            refined[i] = BoxMath.Clip(boxes.narrow(0, start, regions[i].shape[0]), limits[i]).MoveToOuterDisposeScope();
            start += regions[i].shape[0];
        }
        return refined;
    }

    private static Tensor WithArea(Tensor boxes) => boxes.index_select(0, BoxMath.Area(boxes).gt(0).nonzero().squeeze(1));

    private static DetectorArchitecture Architecture(string prefix, bool masks) => new()
    {
        Prefix = prefix,
        Suffix = "_fpn",
        Task = masks ? DetectorTask.Instance : DetectorTask.Detection,
        Create = (options, body) => new CascadeRcnn(RcnnDesign.Fpn(body), options, masks),
        ClassesOf = weights => weights.TryGetValue(FirstBias, out Tensor? bias) && weights.ContainsKey(MaskKey) == masks
            ? (int)bias.shape[0]
            : null,
        AnchorLevels = AnchorLevel.ForPyramid(),
        ClassLayers = ["roi_heads.box_predictor.*.cls_score.*", .. masks ? new[] { "roi_heads.mask_predictor.mask_fcn_logits.*" } : []],
    };
}
