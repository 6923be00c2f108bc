using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Keypoint R-CNN (He et al. 2017, arXiv:1703.06870, section 5): Faster R-CNN that also predicts the keypoints of each object; equal to
/// torchvision's in state-dict names, predictions, losses and gradients.
/// </summary>
public sealed class KeypointRcnn : Rcnn
{
    private readonly RoiHeads roi_heads;
    private readonly int keypoints;

    /// <summary>A detector with randomly initialized heads.</summary>
    /// <param name="design">The parts of the detector; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public KeypointRcnn(RcnnDesign design, DetectorOptions options) : base(nameof(KeypointRcnn), design, options)
    {
        keypoints = options.NumKeypoints;
        roi_heads = new RoiHeads(design, options, keypoints: keypoints);
        RegisterComponents();
    }

    /// <summary>Keypoint R-CNN in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "keypointrcnn_",
            Suffix = "_fpn",
            Task = DetectorTask.Keypoint,
            Create = (options, body) => new KeypointRcnn(RcnnDesign.Fpn(body), options),
            ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.TwoLayers, pyramid: true, keypoints: true),
            ReadOptions = (options, weights) => options with { NumKeypoints = (int)weights[RcnnKeys.KeypointBias].shape[0] },
            ClassLayers = ["roi_heads.box_predictor.*", "roi_heads.keypoint_predictor.*"],
            AnchorLevels = AnchorLevel.ForPyramid(),
            CocoWeights = new Dictionary<string, string>
            {
                ["keypointrcnn_resnet50_fpn"] = "https://download.pytorch.org/models/keypointrcnn_resnet50_fpn_coco-fc266e95.pth",
            },
        },
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
        Tensor heatmaps = roi_heads.Keypoints(levels, found.Boxes);                             // [D, keypoints, 56, 56]
        return HeatmapReader.Read(found, heatmaps, batch);
    }

    /// <inheritdoc/>
    /// <remarks>An object without keypoints trains only its box, like one whose keypoints are not annotated.</remarks>
    /// <exception cref="InputException">A box has no area, an object has the wrong number of
    /// keypoints, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        FirstStage first = TrainFirstStage(batch, keypoints: keypoints);
        (Tensor logits, Tensor deltas) = roi_heads.call(first.Levels, first.Samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, first.Samples);
        PositiveRegions positives = first.Samples.Positives();
        Tensor keypoint = KeypointLoss.Of(roi_heads.Keypoints(first.Levels, positives.Regions), positives, first.Truth);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_keypoint", keypoint.MoveToOuterDisposeScope() },
            { "loss_objectness", first.ObjectnessLoss.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", first.BoxLoss.MoveToOuterDisposeScope() },
        };
    }
}
