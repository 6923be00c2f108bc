using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Keypoint R-CNN (He et al. 2017, arXiv:1703.06870, section 5): Faster R-CNN that also finds the keypoints of an object; equal to torchvision's
/// in state-dict names, predictions, losses and gradients.
/// </summary>
/// <remarks>Go by the module's mode: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class KeypointRcnn : Detector
{
    private readonly FeatureBackbone backbone;
    private readonly RegionProposalNetwork rpn;
    private readonly RoiHeads roi_heads;
    private readonly RcnnRules rules;
    private readonly DetectorOptions options;

    /// <summary>A detector with freshly drawn heads.</summary>
    /// <param name="design">What it is made of. Owned from now on.</param>
    /// <param name="options">All else.</param>
    public KeypointRcnn(RcnnDesign design, DetectorOptions options) : base(nameof(KeypointRcnn))
    {
        this.options = options;
        backbone = design.Features;
        rpn = new RegionProposalNetwork(backbone.OutChannels, design.Anchors, design.RpnConvolutions);
        roi_heads = new RoiHeads(design, options.NumClasses, keypoints: options.NumKeypoints);
        RegisterComponents();
        rules = new RcnnRules(options);
    }

    /// <summary>Keypoint R-CNN as the catalog names it.</summary>
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
            CocoWeights = new Dictionary<string, string> { ["keypointrcnn_resnet50_fpn"] = "https://download.pytorch.org/models/keypointrcnn_resnet50_fpn_coco-fc266e95.pth" },
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The detections of each image with their keypoints, in pixels of the image as it is given. Never records a gradient.</summary>
    /// <param name="images">RGB, float32 in [0, 1], [3, H, W]; of any sizes.</param>
    public override Detections[] forward(Tensor[] images) => PredictAt(1, images);

    /// <inheritdoc/>
    public override Detections[] PredictAt(double scale, Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = rules.Input.ForPrediction(images, Device, scale);
        Tensor[] levels = backbone.call(batch.Pixels);                                          // P2..P6: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 4..64
        RpnOutput judged = rpn.call(levels, batch.PaddedSize);                                  // objectness [N, A], deltas [N, A, 4]
        Tensor[] proposals = rules.PredictionProposals.Keep(judged, batch.Sizes);               // [Rᵢ, 4] xyxy
        (Tensor logits, Tensor deltas) = roi_heads.call(levels, proposals);                     // [R, classes], [R, classes, 4]
        DetectedRegions found = rules.DetectionFilter.Keep(softmax(logits, 1), deltas, BoxCoder.ForDetections, proposals, batch);
        Tensor heatmaps = roi_heads.Keypoints(levels, found.Boxes);                             // [D, keypoints, 56, 56]
        return HeatmapReader.Read(found, heatmaps, batch);
    }

    /// <inheritdoc/>
    /// <remarks>An object without keypoints is trained on as one whose keypoints are not annotated: by its box alone.</remarks>
    /// <exception cref="InputException">A box has no area, an object has another number of keypoints, or a label is not among the classes.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = rules.Input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, options.NumClasses, keypoints: options.NumKeypoints);
        Tensor[] levels = backbone.call(images.Pixels);                                         // P2..P6
        RpnOutput judged = rpn.call(levels, images.PaddedSize);
        (Tensor objectness, Tensor rpnBox) = rules.RpnLoss.Of(judged, truth);
        Tensor[] proposals = rules.TrainingProposals.Keep(judged, images.Sizes);
        RoiSamples samples = rules.RoiSampler.Draw(proposals, truth);
        (Tensor logits, Tensor deltas) = roi_heads.call(levels, samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, samples);
        PositiveRegions positives = samples.Positives();
        Tensor keypoint = KeypointLoss.Of(roi_heads.Keypoints(levels, positives.Regions), positives, truth);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_keypoint", keypoint.MoveToOuterDisposeScope() },
            { "loss_objectness", objectness.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", rpnBox.MoveToOuterDisposeScope() },
        };
    }

    private Device Device => parameters().First().device;
}
