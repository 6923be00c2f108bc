using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// YOLOv3 (Redmon &amp; Farhadi 2018, arXiv:1804.02767) with any backbone: boxes
/// relative to three priors in every cell of strides 8, 16 and 32.
/// </summary>
/// <remarks>
/// As in the paper: priors, decoding, the choice of the responsible prior, independent classifiers for classes, the
/// losses (<see cref="YoloV3Loss"/>), leaky ReLU, and the input letterboxed to a square. Different: the neck is a feature
/// pyramid, which adds the coarser level where YOLOv3 concatenates it and has fewer convolutions; images are normalized as
/// the backbone's weights require, and placed at the upper left of the square. Darknet weights do not fit. The module's
/// mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.
/// </remarks>
public sealed class YoloV3 : Detector
{
    private const int Side = 416;
    private const int Levels = 3;

    private readonly BackboneWithFpn backbone;
    private readonly YoloV3Head head;

    private readonly DetectorInput input;
    private readonly CellGrid grid = new();
    private readonly Suppressor suppressor;
    private readonly YoloOptions thresholds;
    private readonly int numClasses;
    private readonly NetworkPart network;

    /// <summary>A detector with randomly initialized neck and head.</summary>
    /// <param name="body">The backbone; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    public YoloV3(Backbone body, DetectorOptions options) : base(nameof(YoloV3))
    {
        thresholds = options.Yolo;
        input = new DetectorInput(options, ResizeMode.Letterbox);
        NormKind norm = YoloConvolution.FreshNorm(options.Norm);
        backbone = new BackboneWithFpn(body,
            new FpnOptions { OutChannels = thresholds.Width, Stages = Levels, Extra = ExtraLevels.None, Norm = norm });
        head = new YoloV3Head(Levels, thresholds.Width, options.NumClasses - 1, norm);
        RegisterComponents();
        suppressor = new Suppressor(thresholds.Suppression, thresholds.DetectionsPerImage);
        numClasses = options.NumClasses;
        network = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
    }

    /// <summary>YOLOv3 in the catalog.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "yolov3_",
            Defaults = classes => new()
            {
                NumClasses = classes, MinSize = Side, MaxSize = Side, Yolo = new() { Suppression = new() { IouThreshold = 0.45 } },
            },
            Create = (options, body) => new YoloV3(body(new()), options),
            ClassesOf = weights => weights.TryGetValue("head.preds.0.bias", out Tensor? bias)
                ? (int)bias.shape[0] / YoloPriors.PerCell - 4
                : null,
            ReadOptions = (options, weights) =>
                options with { Yolo = options.Yolo with { Width = (int)weights["head.convs.0.conv.weight"].shape[1] } },
            ClassLayers = ["head.preds.*"],
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The network: from pixels to the pyramid's levels, logits, encoded boxes and objectness.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [network];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

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
        Tensor[] levels = outputs[..^3];                                       // P3..P5: [N, width, S/s, S/s], s = 8..32
        var (rows, _, perLevel) = Rows(levels, batch.PaddedSize.Width);        // [A, 5]
        // [N, A, C], [N, A, 4], [N, A]
        (Tensor logits, Tensor coded, Tensor objectness) = (outputs[^3], outputs[^2], outputs[^1]);
        Tensor scores = logits.sigmoid() * objectness.sigmoid().unsqueeze(2);
        var (image, place, labels, score) = DenseCandidates.OfLevels(scores, [.. perLevel.Select(cells => cells * YoloPriors.PerCell)],
            thresholds.ScoreThreshold, thresholds.TopPerLevel);
        Tensor boxes = YoloPriors.Decode(coded.index(image, place), rows.index_select(0, place));
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
        var (rows, priors, perLevel) = Rows(levels, images.PaddedSize.Width);
        (Tensor logits, Tensor coded, Tensor objectness) = head.call(levels);
        (Tensor box, Tensor objects, Tensor classification) = YoloV3Loss.Of(
            logits, coded, objectness, rows, perLevel, priors, truth, images.PaddedSize.Width);
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

    /// <summary>The cell and prior of each row [A, 5], the priors [9, 2], and the cells of each level.</summary>
    internal (Tensor Rows, Tensor Priors, long[] PerLevel) Rows(Tensor[] levels, int side)
    {
        var (cells, perLevel) = grid.For(levels, side);
        Tensor priors = YoloPriors.For(side, cells.device);
        return (YoloPriors.Rows(cells, perLevel, priors), priors, perLevel);
    }

    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] levels = backbone.call(pixels);
        (Tensor logits, Tensor coded, Tensor objectness) = head.call(levels);
        return [.. levels, logits, coded, objectness];
    }

    private Device Device => parameters().First().device;
}
