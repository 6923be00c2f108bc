using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// YOLOX (Ge et al. 2021, arXiv:2107.08430) with any backbone: an anchor-free decoupled head on the
/// strides 8, 16 and 32, trained with SimOTA assignment.
/// </summary>
/// <remarks>
/// As in the paper: the head, decoding, SimOTA, the losses and their weights, the input letterboxed to a square (at the
/// upper left, as in its code). Different: the neck is a feature pyramid with PANet's bottom-up path (Liu et al. 2018,
/// arXiv:1803.01534) instead of CSP blocks, images are normalized as the backbone's weights require, and there is no L1 loss
/// in the last epochs. Mosaic and mixup belong to the data loader. YOLOX's published weights do not fit. The module's
/// mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.
/// </remarks>
public sealed class YoloX : Detector
{
    private const int Side = 640;
    private const int Levels = 3;

    private readonly BackboneWithFpn backbone;
    private readonly YoloXHead head;

    private readonly DetectorInput input;
    private readonly CellGrid grid = new();
    private readonly Suppressor suppressor;
    private readonly YoloOptions thresholds;
    private readonly int numClasses;
    private readonly NetworkPart network;

    /// <summary>A detector with randomly initialized neck and head.</summary>
    /// <param name="body">The backbone; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public YoloX(Backbone body, DetectorOptions options) : base(nameof(YoloX))
    {
        thresholds = options.Yolo;
        input = new DetectorInput(options, ResizeMode.Letterbox);
        NormKind norm = YoloConvolution.FreshNorm(options.Norm);
        backbone = new BackboneWithFpn(body,
            new FpnOptions { OutChannels = thresholds.Width, Stages = Levels, Extra = ExtraLevels.None, Norm = norm, BottomUp = true });
        head = new YoloXHead(Levels, thresholds.Width, options.NumClasses - 1, norm);
        RegisterComponents();
        suppressor = new Suppressor(thresholds.Suppression, thresholds.DetectionsPerImage);
        numClasses = options.NumClasses;
        network = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
    }

    /// <summary>YOLOX in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "yolox_",
            Defaults = classes => new() { NumClasses = classes, MinSize = Side, MaxSize = Side },
            Create = (options, body) => new YoloX(body(new()), options),
            ClassesOf = weights => weights.TryGetValue("head.cls_preds.0.bias", out Tensor? bias) ? (int)bias.shape[0] + 1 : null,
            ReadOptions = (options, weights) =>
                options with { Yolo = options.Yolo with { Width = (int)weights["head.cls_preds.0.weight"].shape[1] } },
            ClassLayers = ["head.cls_preds.*"],
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The network: from pixels to the pyramid's levels, logits, encoded boxes and objectness.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [network];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

    /// <summary>The cells.</summary>
    internal CellGrid Grid => grid;

    /// <summary>The thresholds.</summary>
    internal YoloOptions Thresholds => thresholds;

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
        Tensor[] outputs = network.Call(batch.Pixels);
        Tensor[] levels = outputs[..^3];                                       // N3..N5: [N, width, S/s, S/s], s = 8..32
        var (cells, perLevel) = grid.For(levels, batch.PaddedSize.Width);      // [A, 3]
        // [N, A, C], [N, A, 4], [N, A]
        (Tensor logits, Tensor coded, Tensor objectness) = (outputs[^3], outputs[^2], outputs[^1]);
        Tensor scores = logits.sigmoid() * objectness.sigmoid().unsqueeze(2);
        var (image, place, labels, score) = DenseCandidates.OfLevels(scores, perLevel, thresholds.ScoreThreshold, thresholds.TopPerLevel);
        Tensor boxes = YoloXCoder.Decode(coded.index(image, place), cells.index_select(0, place));
        return suppressor.Keep(new(boxes, score, labels, image), batch).ToDetections(batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        Tensor[] levels = backbone.call(images.Pixels);
        var (cells, _) = grid.For(levels, images.PaddedSize.Width);
        (Tensor logits, Tensor coded, Tensor objectness) = head.call(levels);
        (Tensor box, Tensor objects, Tensor classification) = YoloXLoss.Of(logits, coded, objectness, cells, truth);
        return new Losses
        {
            { "bbox_regression", box.MoveToOuterDisposeScope() },
            { "objectness", objects.MoveToOuterDisposeScope() },
            { "classification", classification.MoveToOuterDisposeScope() },
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) grid.Dispose();
        base.Dispose(disposing);
    }

    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] levels = backbone.call(pixels);
        (Tensor logits, Tensor coded, Tensor objectness) = head.call(levels);
        return [.. levels, logits, coded, objectness];
    }

    private Device Device => parameters().First().device;
}
