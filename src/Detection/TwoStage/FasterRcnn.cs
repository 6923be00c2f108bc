using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>
/// Faster R-CNN (Ren et al. 2015, arXiv:1506.01497) on a feature pyramid (Lin et al. 2017, arXiv:1612.03144), equal to torchvision's
/// in state-dict names, predictions, losses and gradients, including version 2 and the
/// MobileNet variants. On C4 or a dilated C5 it is detectron2's design.
/// </summary>
public sealed class FasterRcnn : Rcnn
{
    private const string MobileNets = "mobilenet_", Published = "https://download.pytorch.org/models/";

    private readonly RoiHeads roi_heads;

    /// <summary>A detector with randomly initialized heads.</summary>
    /// <param name="design">The parts of the detector; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public FasterRcnn(RcnnDesign design, DetectorOptions options) : base(nameof(FasterRcnn), design, options)
    {
        roi_heads = new RoiHeads(design, options);
        RegisterComponents();
    }

    /// <summary>Faster R-CNN in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "fasterrcnn_",
            Suffix = "_fpn",
            SupportsBackbone = backbone => !IsMobile(backbone),
            Create = (options, body) => new FasterRcnn(RcnnDesign.Fpn(body), options),
            ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.TwoLayers, pyramid: true),
            ClassLayers = ["roi_heads.box_predictor.*"],
            AnchorLevels = AnchorLevel.ForPyramid(),
            CocoWeights = new Dictionary<string, string>
            {
                ["fasterrcnn_resnet50_fpn"] = Published + "fasterrcnn_resnet50_fpn_coco-258fb6c6.pth",
            },
        },
        new()
        {
            Prefix = "fasterrcnn_",
            Suffix = "_fpn_v2",
            Create = (options, body) => new FasterRcnn(RcnnDesign.FpnV2(body), options),
            ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.Convolutions, pyramid: true),
            ClassLayers = ["roi_heads.box_predictor.*"],
            AnchorLevels = AnchorLevel.ForPyramid(),
            CocoWeights = new Dictionary<string, string>
            {
                ["fasterrcnn_resnet50_fpn_v2"] = Published + "fasterrcnn_resnet50_fpn_v2_coco-dd69338a.pth",
            },
        },
        Mobile("_fpn", "fasterrcnn_mobilenet_v3_large_fpn-fb6a3cc7.pth", classes => new()
        {
            NumClasses = classes,
            Rpn = new RpnOptions { ScoreThreshold = 0.05 },
        }),
        Mobile("_320_fpn", "fasterrcnn_mobilenet_v3_large_320_fpn-907ea3f9.pth", classes => new()
        {
            NumClasses = classes, MinSize = 320, MaxSize = 640,
            Rpn = new RpnOptions { PredictTopPerLevel = 150, PredictProposals = 150, ScoreThreshold = 0.05 },
        }),
        new()
        {
            Prefix = "fasterrcnn_",
            Suffix = "_c4",
            Defaults = RcnnDesign.SingleLevelDefaults,
            Create = (options, body) => new FasterRcnn(RcnnDesign.C4(body), options),
            ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.LastStage, pyramid: false),
            ClassLayers = ["roi_heads.box_predictor.*"],
        },
        new()
        {
            Prefix = "fasterrcnn_",
            Suffix = "_dc5",
            Defaults = RcnnDesign.SingleLevelDefaults,
            Create = (options, body) => new FasterRcnn(RcnnDesign.DilatedC5(body), options),
            ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.TwoLayers, pyramid: false),
            ClassLayers = ["roi_heads.box_predictor.*"],
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
        return DetectionFilter.Keep(softmax(logits, 1), deltas, BoxCoder.ForDetections, proposals, batch).ToDetections(batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        FirstStage first = TrainFirstStage(batch);
        (Tensor logits, Tensor deltas) = roi_heads.call(first.Levels, first.Samples.Regions);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas, first.Samples);

        return new Losses
        {
            { "loss_classifier", classifier.MoveToOuterDisposeScope() },
            { "loss_box_reg", box.MoveToOuterDisposeScope() },
            { "loss_objectness", first.ObjectnessLoss.MoveToOuterDisposeScope() },
            { "loss_rpn_box_reg", first.BoxLoss.MoveToOuterDisposeScope() },
        };
    }

    private static bool IsMobile(string backbone) => backbone.StartsWith(MobileNets, StringComparison.Ordinal);

    private static DetectorArchitecture Mobile(string suffix, string file, Func<int, DetectorOptions> defaults) => new()
    {
        Prefix = "fasterrcnn_",
        Suffix = suffix,
        DefaultBackbone = "mobilenet_v3_large",
        SupportsBackbone = IsMobile,
        Defaults = defaults,
        Create = (options, body) => new FasterRcnn(RcnnDesign.Mobile(body), options),
        ClassesOf = weights => RcnnKeys.ClassesOf(weights, BoxHeadKind.TwoLayers, pyramid: true),
        ClassLayers = ["roi_heads.box_predictor.*"],
        CocoWeights = new Dictionary<string, string> { ["fasterrcnn_mobilenet_v3_large" + suffix] = Published + file },
    };
}
