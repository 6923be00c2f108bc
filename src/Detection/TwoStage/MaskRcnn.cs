using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Mask R-CNN (He et al. 2017, arXiv:1703.06870): Faster R-CNN that also gives the pixels of what it finds; equal to torchvision's
/// in state-dict names, predictions, losses and gradients, version 2 too.
/// </summary>
/// <remarks>Go by the module's mode: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class MaskRcnn : Detector
{
    private const string Published = "https://download.pytorch.org/models/";

    private readonly FeatureBackbone backbone;
    private readonly RegionProposalNetwork rpn;
    private readonly RoiHeads roi_heads;
    private readonly RcnnRules rules;
    private readonly int numClasses;

    /// <summary>A detector with freshly drawn heads.</summary>
    /// <param name="design">What it is made of. Owned from now on.</param>
    /// <param name="options">All else.</param>
    public MaskRcnn(RcnnDesign design, DetectorOptions options) : base(nameof(MaskRcnn))
    {
        backbone = design.Features;
        rpn = new RegionProposalNetwork(backbone.OutChannels, design.Anchors, design.RpnConvolutions);
        roi_heads = new RoiHeads(design, options.NumClasses, masks: true);
        RegisterComponents();
        rules = new RcnnRules(options);
        numClasses = options.NumClasses;
    }

    /// <summary>Mask R-CNN as the catalog names it.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        Architecture("_fpn", BoxHeadKind.TwoLayers, RcnnDesign.Fpn, "maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth"),
        Architecture("_fpn_v2", BoxHeadKind.Convolutions, RcnnDesign.FpnV2, "maskrcnn_resnet50_fpn_v2_coco-73cbd019.pth"),
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The detections of each image with their masks, in pixels of the image as it is given. Never records a gradient.</summary>
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
        Tensor masks = roi_heads.Masks(levels, found.Boxes);                                    // [D, classes, 28, 28]
        return MaskPaster.Paste(found.ToDetections(batch), MaskLoss.OfClass(masks, cat(found.Labels)).sigmoid(), batch.OriginalSizes);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, an object has no mask, or a label is not among the classes.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = rules.Input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses, masks: true);
        Tensor[] levels = backbone.call(images.Pixels);                                         // P2..P6
        RpnOutput judged = rpn.call(levels, images.PaddedSize);
        (Tensor objectness, Tensor rpnBox) = rules.RpnLoss.Of(judged, truth);
        Tensor[] proposals = rules.TrainingProposals.Keep(judged, images.Sizes);
        RoiSamples samples = rules.RoiSampler.Draw(proposals, truth);
        (Tensor logits, Tensor deltas) = roi_heads.call(levels, samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, samples);
        PositiveRegions positives = samples.Positives();
        Tensor mask = MaskLoss.Of(roi_heads.Masks(levels, positives.Regions), positives, truth);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_mask", mask.MoveToOuterDisposeScope() },
            { "loss_objectness", objectness.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", rpnBox.MoveToOuterDisposeScope() },
        };
    }

    private static DetectorArchitecture Architecture(string suffix, BoxHeadKind boxHead, Func<Func<BackboneOptions, Backbone>, RcnnDesign> design, string file) => new()
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

    private Device Device => parameters().First().device;
}
