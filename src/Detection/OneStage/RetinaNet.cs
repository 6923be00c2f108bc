using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// RetinaNet (Lin et al. 2017, arXiv:1708.02002): one-stage classification and regression of dense anchors, trained with focal loss;
/// both versions equal torchvision's in state-dict names, predictions, losses and gradients.
/// </summary>
/// <remarks>The module's mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class RetinaNet : Detector
{
    private const string ClassBias = "head.classification_head.cls_logits.bias", BoxBias = "head.regression_head.bbox_reg.bias";
    private const string NormalizedLayer = "head.classification_head.conv.0.1.weight";

    private static readonly float[] aspectRatios = [0.5f, 1, 2];

    /// <summary>Three sizes per octave: 32, 40 and 50 pixels on P3, up to 512, 645 and 812 on P7.</summary>
    private static readonly float[][] anchorSizes =
        [.. new[] { 32, 64, 128, 256, 512 }.Select(size => (float[])[size, (int)(size * Math.Cbrt(2)), (int)(size * Math.Cbrt(4))])];

    private readonly BackboneWithFpn backbone;
    private readonly RetinaNetHead head;

    private readonly DetectorInput input;
    private readonly AnchorGenerator anchorGenerator;
    private readonly RetinaNetLoss loss;
    private readonly Suppressor suppressor;
    private readonly RetinaNetOptions thresholds;
    private readonly int numClasses;
    private readonly NetworkPart network;

    /// <summary>A detector with a randomly initialized head.</summary>
    /// <param name="backbone">The backbone with its pyramid P3..P7; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    /// <param name="second">Whether it is version 2, with group normalization in the heads and GIoU loss for boxes.</param>
    public RetinaNet(BackboneWithFpn backbone, DetectorOptions options, bool second = false) : base(nameof(RetinaNet))
    {
        this.backbone = backbone;
        anchorGenerator = new AnchorGenerator(anchorSizes, aspectRatios);
        head = new RetinaNetHead(backbone.OutChannels, anchorGenerator.PerLocation, options.NumClasses, second);
        RegisterComponents();

        thresholds = options.RetinaNet;
        input = new DetectorInput(options);
        loss = new RetinaNetLoss(thresholds, thresholds.BoxLoss ?? (second ? IouLossKind.Giou : null));
        suppressor = new Suppressor(thresholds.Suppression, thresholds.DetectionsPerImage);
        numClasses = options.NumClasses;
        network = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
    }

    /// <summary>Both versions as the catalog names them.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "retinanet_",
            Suffix = "_fpn",
            Create = (options, body) => new RetinaNet(
                new BackboneWithFpn(body(new()), new FpnOptions { Stages = 3, Extra = ExtraLevels.ConvolvedFromP5 }), options),
            ClassesOf = weights => weights.ContainsKey(NormalizedLayer) ? null : ClassesOf(weights),
            ClassLayers = ["head.classification_head.cls_logits.*"],
            AnchorLevels = Levels(),
            CocoWeights = new Dictionary<string, string>
            {
                ["retinanet_resnet50_fpn"] = "https://download.pytorch.org/models/retinanet_resnet50_fpn_coco-eeacb38b.pth",
            },
        },
        new()
        {
            Prefix = "retinanet_",
            Suffix = "_fpn_v2",
            Create = (options, body) => new RetinaNet(
                new BackboneWithFpn(body(new()), new FpnOptions { Stages = 3, Extra = ExtraLevels.ConvolvedFromC5 }), options,
                second: true),
            ClassesOf = weights => weights.ContainsKey(NormalizedLayer) ? ClassesOf(weights) : null,
            ClassLayers = ["head.classification_head.cls_logits.*"],
            AnchorLevels = Levels(),
            CocoWeights = new Dictionary<string, string>
            {
                ["retinanet_resnet50_fpn_v2"] = "https://download.pytorch.org/models/retinanet_resnet50_fpn_v2_coco-5905b1c5.pth",
            },
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The network: from pixels to the pyramid's levels, logits and deltas.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [network];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

    /// <summary>The anchors.</summary>
    internal AnchorGenerator Anchors => anchorGenerator;

    /// <summary>The thresholds.</summary>
    internal RetinaNetOptions Thresholds => thresholds;

    /// <summary>Suppresses duplicates.</summary>
    internal Suppressor Suppressor => suppressor;

    /// <summary>The detections of each image, in pixels of the original image. No gradients are recorded.</summary>
    /// <param name="images">RGB, [3, H, W], float32 in [0, 1] or uint8; of any sizes.</param>
    public override Detections[] forward(Tensor[] images) => PredictAt(1, images);

    /// <inheritdoc/>
    public override Detections[] PredictAt(double scale, Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = input.ForPrediction(images, Device, scale);
        Tensor[] outputs = network.Call(batch.Pixels);                     // P3..P7: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 8..128
        Anchors anchors = anchorGenerator.For(outputs[..^2], batch.PaddedSize);     // [A, 4] xyxy
        (Tensor logits, Tensor deltas) = (outputs[^2], outputs[^1]);       // [N, A, classes], [N, A, 4]
        // The background column is never trained. Of the many logits, only those of candidates become scores.
        double least = Math.Log(thresholds.ScoreThreshold / (1 - thresholds.ScoreThreshold));
        var (image, place, labels, logit) =
            DenseCandidates.OfLevels(logits.narrow(2, 1, numClasses - 1), anchors.PerLevel, least, thresholds.TopPerLevel);
        Tensor boxes = BoxCoder.ForProposals.Decode(deltas.index(image, place), anchors.Boxes.index_select(0, place));
        return suppressor.Keep(new(boxes, logit.sigmoid(), labels, image), batch).ToDetections(batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        Tensor[] pyramid = backbone.call(images.Pixels);                                            // P3..P7
        Anchors anchors = anchorGenerator.For(pyramid, images.PaddedSize);
        (Tensor logits, Tensor deltas) = head.call(pyramid);
        (Tensor classification, Tensor box) = loss.Of(logits, deltas, anchors.Boxes, truth);
        return new Losses
        {
            { "classification", classification.MoveToOuterDisposeScope() },
            { "bbox_regression", box.MoveToOuterDisposeScope() },
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) anchorGenerator.Dispose();
        base.Dispose(disposing);
    }

    private static IReadOnlyList<AnchorLevel> Levels() =>
        [.. anchorSizes.Select((sizes, i) => AnchorLevel.Of(8 << i, sizes, aspectRatios))];

    private static int? ClassesOf(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.TryGetValue(ClassBias, out Tensor? classes) && weights.TryGetValue(BoxBias, out Tensor? boxes)
        && !weights.ContainsKey(Fcos.CenternessBias)
            ? (int)(classes.shape[0] * 4 / boxes.shape[0])
            : null;

    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] pyramid = backbone.call(pixels);
        (Tensor logits, Tensor deltas) = head.call(pyramid);
        return [.. pyramid, logits, deltas];
    }

    private Device Device => parameters().First().device;
}
