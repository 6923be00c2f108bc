using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Faster R-CNN (Ren et al. 2015, arXiv:1506.01497) on a feature pyramid (Lin et al. 2017, arXiv:1612.03144), equal to torchvision's
/// in state-dict names, predictions, losses and gradients.
/// </summary>
/// <remarks>
/// Batch normalisation and the like go by the module's mode, as everywhere in torch: call <c>eval()</c> before predicting and <c>train()</c> before training.
/// </remarks>
public sealed class FasterRcnn : Detector
{
    private const int PooledLevels = 4;
    private const string ClassBias = "roi_heads.box_predictor.cls_score.bias";

    private readonly BackboneWithFpn backbone;
    private readonly RegionProposalNetwork rpn;
    private readonly RoiHeads roi_heads;

    private readonly DetectorInput input;
    private readonly ProposalFilter predictionProposals;
    private readonly ProposalFilter trainingProposals;
    private readonly RpnLoss rpnLoss;
    private readonly RoiSampler roiSampler;
    private readonly DetectionFilter detectionFilter;
    private readonly int numClasses;

    /// <summary>A detector with freshly drawn heads.</summary>
    /// <param name="backbone">The backbone with its pyramid. Owned from now on.</param>
    /// <param name="options">All else.</param>
    public FasterRcnn(BackboneWithFpn backbone, DetectorOptions options) : base(nameof(FasterRcnn))
    {
        this.backbone = backbone;
        rpn = new RegionProposalNetwork(backbone.OutChannels, AnchorGenerator.ForPyramid());
        roi_heads = new RoiHeads(backbone.OutChannels, [.. backbone.Body.Stages.TakeLast(PooledLevels).Select(stage => stage.Reduction)], options.NumClasses);
        RegisterComponents();

        input = new DetectorInput(options);
        predictionProposals = ProposalFilter.ForPrediction(options.Rpn);
        trainingProposals = ProposalFilter.ForTraining(options.Rpn);
        rpnLoss = new RpnLoss(options.Rpn);
        roiSampler = new RoiSampler(options.Roi);
        detectionFilter = new DetectionFilter(options.Roi);
        numClasses = options.NumClasses;
    }

    /// <summary>Faster R-CNN as the catalog names it.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "fasterrcnn_",
            Suffix = "_fpn",
            Create = (options, body) => new FasterRcnn(new BackboneWithFpn(body(new())), options),
            ClassesOf = weights => weights.TryGetValue(ClassBias, out Tensor? bias) ? (int)bias.shape[0] : null,
            ClassLayers = ["roi_heads.box_predictor.*"],
            AnchorLevels = AnchorLevel.ForPyramid(),
            CocoWeights = new Dictionary<string, string> { ["fasterrcnn_resnet50_fpn"] = "https://download.pytorch.org/models/fasterrcnn_resnet50_fpn_coco-258fb6c6.pth" },
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The detections of each image, in pixels of the image as it is given. Never records a gradient.</summary>
    /// <param name="images">RGB, float32 in [0, 1], [3, H, W]; of any sizes.</param>
    public override Detections[] forward(Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = input.ForPrediction(images, Device);
        Tensor[] pyramid = backbone.call(batch.Pixels);                                         // P2..P6: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 4..64
        RpnOutput judged = rpn.call(pyramid, batch.PaddedSize);                                 // objectness [N, A], deltas [N, A, 4]
        Tensor[] proposals = predictionProposals.Keep(judged, batch.Sizes);                     // [Rᵢ, 4] xyxy
        (Tensor logits, Tensor deltas) = roi_heads.call(pyramid[..PooledLevels], proposals);    // [R, classes], [R, classes, 4]; P6 is too coarse to pool from
        return detectionFilter.Keep(logits, deltas, proposals, batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is not among the classes.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        Tensor[] pyramid = backbone.call(images.Pixels);                                        // P2..P6
        RpnOutput judged = rpn.call(pyramid, images.PaddedSize);
        (Tensor objectness, Tensor rpnBox) = rpnLoss.Of(judged, truth);
        Tensor[] proposals = trainingProposals.Keep(judged, images.Sizes);
        RoiSamples samples = roiSampler.Draw(proposals, truth);
        (Tensor logits, Tensor deltas) = roi_heads.call(pyramid[..PooledLevels], samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, samples);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_objectness", objectness.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", rpnBox.MoveToOuterDisposeScope() },
        };
    }

    private Device Device => parameters().First().device;
}
