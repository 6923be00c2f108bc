using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// SSD (Liu et al. 2016, arXiv:1512.02325) and SSDlite (Sandler et al. 2018, arXiv:1801.04381): classes and deltas of default boxes on
/// six feature maps of an image stretched to a square. With VGG-16 and MobileNetV3 they equal torchvision's in state-dict names,
/// predictions, losses and gradients; for other backbones see <see cref="SsdStages"/>.
/// </summary>
/// <remarks>The module's mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class Ssd : Detector
{
    private const int Side = 300, LiteSide = 320;
    private const int SmallestSide = 288;
    private const string Scores = "head.classification_head.module_list.0.", Boxes = "head.regression_head.module_list.0.";

    /// <summary>Pixels between default boxes on each map of SSD300, as published.</summary>
    private static readonly float[] publishedSteps = [8, 16, 32, 64, 100, 300];

    private readonly SsdFeatures backbone;
    private readonly SsdHead head;

    private readonly DetectorInput input;
    private readonly DefaultBoxes defaultBoxes;
    private readonly SsdLoss loss;
    private readonly Suppressor suppressor;
    private readonly SsdOptions thresholds;
    private readonly int numClasses;
    private readonly NetworkPart network;

    /// <summary>A detector with randomly initialized extra blocks and heads.</summary>
    /// <param name="body">The backbone; ownership passes to this object.</param>
    /// <param name="options">The options.</param>
    /// <param name="lite">Whether it is SSDlite.</param>
    /// <exception cref="ArgumentException">The options' sizes are not a square of 288
    /// pixels or more, which the smallest map needs.</exception>
    public Ssd(Backbone body, DetectorOptions options, bool lite = false) : base(lite ? "SsdLite" : nameof(Ssd))
    {
        input = new DetectorInput(options, ResizeMode.Stretched);
        if (options.MaxSize < SmallestSide)
            throw new ArgumentException(
                $"The image's side is {options.MaxSize} pixels; expected {SmallestSide} or more, since the smallest map would " +
                "be empty.", nameof(options));
        var norm = SsdLite.Norm(options.Norm);
        backbone = (body, lite) switch
        {
            (Vgg vgg, false) => new SsdVgg(vgg),
            (MobileNetV3 network, true) => new SsdLiteMobileNet(network, norm),
            _ => new SsdStages(body, lite ? norm : null),
        };
        defaultBoxes = lite ? DefaultBoxes.ForSsdLite()
            : DefaultBoxes.ForSsd(body is Vgg && options.MaxSize == Side ? publishedSteps : null);
        head = new SsdHead(backbone.Channels, defaultBoxes.PerLocation, options.NumClasses,
            lite ? (channels, outputs) => SsdLite.Prediction(channels, outputs, norm) : Prediction);
        RegisterComponents();

        thresholds = options.Ssd;
        loss = new SsdLoss(thresholds);
        suppressor = new Suppressor(thresholds.Suppression, thresholds.DetectionsPerImage);
        numClasses = options.NumClasses;
        network = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, options.MaxSize, options.MaxSize]);
    }

    /// <summary>SSD and SSDlite as the catalog names them.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        new()
        {
            Prefix = "ssd300_",
            DefaultBackbone = "vgg16",
            // Caffe's ImageNet mean and 8-bit values, which the published weights were trained with.
            Defaults = classes => new()
            {
                NumClasses = classes, MinSize = Side, MaxSize = Side,
                ImageMean = [0.48235f, 0.45882f, 0.40784f], ImageStd = [1 / 255f, 1 / 255f, 1 / 255f],
            },
            Create = (options, body) => new Ssd(body(new()), options),
            ClassesOf = weights => ClassesOf(weights, "bias"),
            ClassLayers = ["head.classification_head.*"],
            CocoWeights = new Dictionary<string, string>
            {
                ["ssd300_vgg16"] = "https://download.pytorch.org/models/ssd300_vgg16_coco-b556d3b4.pth",
            },
        },
        new()
        {
            Prefix = "ssdlite320_",
            DefaultBackbone = "mobilenet_v3_large",
            Defaults = classes => new()
            {
                NumClasses = classes, MinSize = LiteSide, MaxSize = LiteSide,
                ImageMean = [0.5f, 0.5f, 0.5f], ImageStd = [0.5f, 0.5f, 0.5f],
                Ssd = new()
                {
                    ScoreThreshold = 0.001, TopPerClass = 300, DetectionsPerImage = 300, Suppression = new() { IouThreshold = 0.55 },
                },
            },
            Create = (options, body) => new Ssd(body(new()
            {
                ReducedTail = options.Ssd.ReducedTail && options.Backbone!.StartsWith("mobilenet_v3", StringComparison.Ordinal),
            }), options, lite: true),
            ClassesOf = weights => ClassesOf(weights, "1.bias"),
            ReadOptions = (options, weights) => options with { Ssd = options.Ssd with { ReducedTail = HasReducedTail(weights) } },
            ClassLayers = ["head.classification_head.module_list.*.1.*"],
            CocoWeights = new Dictionary<string, string>
            {
                ["ssdlite320_mobilenet_v3_large"] = "https://download.pytorch.org/models/ssdlite320_mobilenet_v3_large_coco-a79551df.pth",
            },
        },
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The network: from pixels to the six maps, logits and deltas.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [network];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

    /// <summary>The default boxes.</summary>
    internal DefaultBoxes DefaultBoxes => defaultBoxes;

    /// <summary>The thresholds.</summary>
    internal SsdOptions Thresholds => thresholds;

    /// <summary>Suppresses duplicates.</summary>
    internal Suppressor Suppressor => suppressor;

    /// <summary>The detections of each image, in pixels of the original image. No gradients are recorded.</summary>
    /// <param name="images">RGB, [3, H, W], float32 in [0, 1] or uint8; of any sizes.</param>
    public override Detections[] forward(Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = input.ForPrediction(images, Device);
        Tensor[] outputs = network.Call(batch.Pixels);                                              // six maps [N, Cᵢ, Hᵢ, Wᵢ], …
        Tensor boxes = defaultBoxes.For(outputs[..^2], batch.PaddedSize);                           // [A, 4] xyxy
        (Tensor logits, Tensor deltas) = (outputs[^2], outputs[^1]);                                // [N, A, classes], [N, A, 4]
        Tensor scores = logits.softmax(2).narrow(2, 1, numClasses - 1);
        var (image, place, labels, score) = DenseCandidates.OfClasses(scores, thresholds.ScoreThreshold, thresholds.TopPerClass);
        Tensor decoded = BoxCoder.ForDetections.Decode(deltas.index(image, place), boxes.index_select(0, place));
        return suppressor.Keep(new(decoded, score, labels, image), batch).ToDetections(batch);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        Tensor[] maps = backbone.call(images.Pixels);
        Tensor boxes = defaultBoxes.For(maps, images.PaddedSize);
        (Tensor logits, Tensor deltas) = head.call(maps);
        (Tensor classification, Tensor box) = loss.Of(logits, deltas, boxes, truth);
        return new Losses
        {
            { "bbox_regression", box.MoveToOuterDisposeScope() },
            { "classification", classification.MoveToOuterDisposeScope() },
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) defaultBoxes.Dispose();
        base.Dispose(disposing);
    }

    private static nn.Module<Tensor, Tensor> Prediction(int channels, int outputs)
    {
        var layer = nn.Conv2d(channels, outputs, 3, 1, 1);
        SsdFeatures.DrawXavier(layer);
        return layer;
    }

    private static int? ClassesOf(IReadOnlyDictionary<string, Tensor> weights, string bias) =>
        weights.TryGetValue(Scores + bias, out Tensor? classes) && weights.TryGetValue(Boxes + bias, out Tensor? boxes)
            ? (int)(classes.shape[0] * 4 / boxes.shape[0])
            : null;

    /// <summary>Inferred from the input channels of the first extra block: 960 for MobileNetV3 large and 576 for
    /// small if the tail is not reduced.</summary>
    private static bool HasReducedTail(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.TryGetValue("backbone.extra.0.0.0.weight", out Tensor? first) && (first.shape[1] is 480 or 288);

    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] maps = backbone.call(pixels);
        (Tensor logits, Tensor deltas) = head.call(maps);
        return [.. maps, logits, deltas];
    }

    private Device Device => parameters().First().device;
}
