using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Mask R-CNN (He et al. 2017, arXiv:1703.06870): Faster R-CNN that also predicts a mask for each object; equal to torchvision's
/// in state-dict names, predictions, losses and gradients, including version 2.
/// </summary>
public sealed class MaskRcnn : Rcnn
{
    private const string Published = "https://download.pytorch.org/models/";

    private readonly RoiHeads roi_heads;

    /// <summary>A detector with randomly initialized heads.</summary>
    /// <param name="design">The parts of the detector; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public MaskRcnn(RcnnDesign design, DetectorOptions options) : base(nameof(MaskRcnn), design, options)
    {
        roi_heads = new RoiHeads(design, options, masks: true);
        RegisterComponents();
    }

    /// <summary>Mask R-CNN in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        Architecture("_fpn", BoxHeadKind.TwoLayers, RcnnDesign.Fpn, "maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth"),
        Architecture("_fpn_v2", BoxHeadKind.Convolutions, RcnnDesign.FpnV2, "maskrcnn_resnet50_fpn_v2_coco-73cbd019.pth"),
    ];

    private protected override IReadOnlyList<NetworkPart> HeadParts => roi_heads.Parts;

    internal override IReadOnlyList<RegionPooler> Poolers => roi_heads.Poolers;

    /// <inheritdoc/>
    public override Detections[] PredictAt(double scale, Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        (ImageBatch batch, Tensor[] levels, Tensor[] proposals) = Propose(images, scale);       // P2..P6, [Rᵢ, 4] xyxy
        (Tensor logits, Tensor deltas) = roi_heads.call(levels, proposals);                     // [R, classes], [R, classes, 4]
        DetectedRegions found = DetectionFilter.Keep(softmax(logits, 1), deltas, BoxCoder.ForDetections, proposals, batch);
        Tensor masks = roi_heads.Masks(levels, found.Boxes);                                    // [D, classes, 28, 28]
        return MaskPaster.Paste(found.ToDetections(batch), MaskLoss.OfClass(masks, cat(found.Labels)).sigmoid(), batch.OriginalSizes);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, an object has no mask, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        FirstStage first = TrainFirstStage(batch, masks: true);
        (Tensor logits, Tensor deltas) = roi_heads.call(first.Levels, first.Samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, first.Samples);
        PositiveRegions positives = first.Samples.Positives();
        Tensor mask = MaskLoss.Of(roi_heads.Masks(first.Levels, positives.Regions), positives, first.Truth);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_mask", mask.MoveToOuterDisposeScope() },
            { "loss_objectness", first.ObjectnessLoss.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", first.BoxLoss.MoveToOuterDisposeScope() },
        };
    }

    private static DetectorArchitecture Architecture(string suffix, BoxHeadKind boxHead,
        Func<Func<BackboneOptions, Backbone>, RcnnDesign> design, string file) => new()
    {
        Prefix = "maskrcnn_",
        Suffix = suffix,
        Task = DetectorTask.Instance,
        Create = (options, body) => new MaskRcnn(design(body), options),
        ClassesOf = weights => RcnnKeys.ClassesOf(weights, boxHead, pyramid: true, masks: true),
        ClassLayers = ["roi_heads.box_predictor.*", "roi_heads.mask_predictor.mask_fcn_logits.*"],
        AnchorLevels = AnchorLevel.ForPyramid(),
        CocoWeights = new Dictionary<string, string> { ["maskrcnn_resnet50" + suffix] = Published + file },
    };
}
