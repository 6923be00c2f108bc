using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// FCOS (Tian et al. 2019, arXiv:1904.01355): anchor-free, every point of a pyramid predicts the box that contains it; equal to
/// torchvision's in state-dict names, predictions, losses and gradients.
/// </summary>
/// <remarks>The module's mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class Fcos : Detector
{
    /// <summary>The key that identifies an FCOS.</summary>
    internal const string CenternessBias = "head.regression_head.bbox_ctrness.bias";

    private const string ClassBias = "head.classification_head.cls_logits.bias";

    private readonly BackboneWithFpn backbone;
    private readonly FcosHead head;

    private readonly DetectorInput input;
    private readonly AnchorGenerator points;
    private readonly FcosLoss loss;
    private readonly Suppressor suppressor;
    private readonly FcosOptions thresholds;
    private readonly int numClasses;
    private readonly NetworkPart network;

    /// <summary>A detector with a randomly initialized head.</summary>
    /// <param name="backbone">The backbone with its pyramid P3..P7; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public Fcos(BackboneWithFpn backbone, DetectorOptions options) : base(nameof(Fcos))
    {
        this.backbone = backbone;
        head = new FcosHead(backbone.OutChannels, options.NumClasses);
        RegisterComponents();

        // A point is represented by a square centered on it with the level's stride as side.
        points = new AnchorGenerator([8, 16, 32, 64, 128], [1]);
        thresholds = options.Fcos;
        input = new DetectorInput(options);
        loss = new FcosLoss(thresholds);
        suppressor = new Suppressor(thresholds.Suppression, thresholds.DetectionsPerImage);
        numClasses = options.NumClasses;
        network = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
    }

    /// <summary>FCOS in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "fcos_",
            Suffix = "_fpn",
            Create = (options, body) => new Fcos(
                new BackboneWithFpn(body(new()), new FpnOptions { Stages = 3, Extra = ExtraLevels.ConvolvedFromP5 }), options),
            ClassesOf = weights => weights.ContainsKey(CenternessBias) && weights.TryGetValue(ClassBias, out Tensor? bias)
                ? (int)bias.shape[0]
                : null,
            ClassLayers = ["head.classification_head.cls_logits.*"],
            CocoWeights = new Dictionary<string, string>
            {
                ["fcos_resnet50_fpn"] = "https://download.pytorch.org/models/fcos_resnet50_fpn_coco-99b0c9b7.pth",
            },
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The network: from pixels to the pyramid's levels, logits, distances and centerness.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [network];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

    /// <summary>The points, as squares.</summary>
    internal AnchorGenerator Points => points;

    /// <summary>The thresholds.</summary>
    internal FcosOptions Thresholds => thresholds;

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
        Tensor[] outputs = network.Call(batch.Pixels);                              // P3..P7: [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 8..128
        Anchors squares = points.For(outputs[..^3], batch.PaddedSize);              // [A, 4] xyxy
        // [N, A, classes], [N, A, 4], [N, A]
        (Tensor logits, Tensor distances, Tensor centerness) = (outputs[^3], outputs[^2], outputs[^1]);
        // The background column is never trained.
        Tensor scores = (logits.narrow(2, 1, numClasses - 1).sigmoid() * centerness.sigmoid().unsqueeze(2)).sqrt();
        var (image, place, labels, score) =
            DenseCandidates.OfLevels(scores, squares.PerLevel, thresholds.ScoreThreshold, thresholds.TopPerLevel);
        Tensor boxes = LtrbBoxCoder.Decode(distances.index(image, place), squares.Boxes.index_select(0, place));
        return suppressor.Keep(new(boxes, score, labels, image), batch).ToDetections(batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        Tensor[] pyramid = backbone.call(images.Pixels);                                            // P3..P7
        Anchors squares = points.For(pyramid, images.PaddedSize);
        (Tensor logits, Tensor distances, Tensor centerness) = head.call(pyramid);
        (Tensor classification, Tensor box, Tensor central) = loss.Of(logits, distances, centerness, squares, truth);
        return new Losses
        {
            { "classification", classification.MoveToOuterDisposeScope() },
            { "bbox_regression", box.MoveToOuterDisposeScope() },
            { "bbox_ctrness", central.MoveToOuterDisposeScope() },
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) points.Dispose();
        base.Dispose(disposing);
    }

    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] pyramid = backbone.call(pixels);
        (Tensor logits, Tensor distances, Tensor centerness) = head.call(pyramid);
        return [.. pyramid, logits, distances, centerness];
    }

    private Device Device => parameters().First().device;
}
