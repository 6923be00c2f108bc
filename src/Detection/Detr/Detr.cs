using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// DETR (Carion et al. 2020, arXiv:2005.12872): a transformer that predicts the set of objects directly, without
/// anchors and without suppression. It has the state-dict names and classes of the weights published with the paper:
/// outputs 0..C, of which 0 is unused, then one for "no object".
/// </summary>
/// <remarks>
/// Train it with AdamW (learning rate 10⁻⁴, a tenth of it for the backbone, gradients clipped to 0.1).
/// It converges slowly: the paper trains for 300 epochs and more.
/// </remarks>
public sealed class Detr : Detector
{
    // In the dilated networks, "DC5", the last stage keeps the resolution: the feature map is twice as fine, with the same weights.
    private const int DilatedStride = 16;
    private const string ClassBias = "class_embed.bias", Published = "https://dl.fbaipublicfiles.com/detr/";

    private readonly ModuleList<DetrBackbone> backbone;
    private readonly Conv2d input_proj;
    private readonly DetrTransformer transformer;
    private readonly Embedding query_embed;
    private readonly Linear class_embed;
    private readonly DetrBoxHead bbox_embed;

    private readonly DetectorInput input;
    private readonly DetrLoss loss;
    private readonly int numClasses;
    private readonly NetworkPart features;
    private readonly NetworkPart decoder;

    /// <summary>A detector with randomly initialized weights.</summary>
    /// <param name="body">The backbone, built without classes; ownership passes to this object.</param>
    /// <param name="options">The options; of the parts, <see cref="DetectorOptions.Detr"/> applies.</param>
    public Detr(Backbone body, DetectorOptions options) : base(nameof(Detr))
    {
        DetrOptions own = options.Detr;
        backbone = nn.ModuleList<DetrBackbone>(new DetrBackbone(body));
        input_proj = nn.Conv2d(body.Stages[^1].Channels, own.Width, 1);
        transformer = new DetrTransformer(own);
        query_embed = nn.Embedding(own.Queries, own.Width);
        class_embed = nn.Linear(own.Width, options.NumClasses + 1);
        bbox_embed = new DetrBoxHead(own.Width);
        RegisterComponents();

        input = new DetectorInput(options);
        loss = new DetrLoss(own);
        numClasses = options.NumClasses;
        features = new(pixels => [input_proj.call(backbone[0].call(pixels[0]))], [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
        decoder = new(inputs => Decode(inputs[0], inputs[1], hasPadding: false, layers: 1),
            [NetworkPart.Any, own.Width, NetworkPart.Any, NetworkPart.Any], [NetworkPart.Any, NetworkPart.Any, NetworkPart.Any])
        {
            ExampleSide = 4,            // every cell attends to every other
        };
    }

    /// <summary>DETR as the catalog names it: plain, and with a dilated last stage.</summary>
    public static IReadOnlyList<DetectorArchitecture> Architectures { get; } =
    [
        Architecture("", new(), ("detr_resnet50", "detr-r50-e632da11.pth"), ("detr_resnet101", "detr-r101-2c7b67e5.pth")),
        Architecture("_dc5", new() { OutputStride = DilatedStride },
            ("detr_resnet50_dc5", "detr-r50-dc5-f0fb7ef5.pth"), ("detr_resnet101_dc5", "detr-r101-dc5-a2e86def.pth")),
    ];

    /// <inheritdoc/>
    public override Backbone Backbone => backbone[0].Body;

    /// <summary>From pixels to the transformer's features; from these and the cells that belong to the images, for images without padding,
    /// to logits and boxes.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [features, decoder];

    /// <summary>The preprocessing.</summary>
    internal DetectorInput Input => input;

    /// <summary>The detections of each image, in pixels of the original image: one for each
    /// query, highest score first. No gradients are recorded.</summary>
    /// <param name="images">RGB, [3, H, W], float32 in [0, 1] or uint8; of any sizes.</param>
    public override Detections[] forward(Tensor[] images) => PredictAt(1, images);

    /// <inheritdoc/>
    public override Detections[] PredictAt(double scale, Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = Tight(input.ForPrediction(images, Device, scale));
        (Tensor logits, Tensor boxes) = Find(batch, layers: 1);
        return DetrPostprocess.ToDetections(logits[0], boxes[0], batch.OriginalSizes);
    }

    /// <summary>The losses of a batch, weighted, with gradients to the trainable parameters; see
    /// <see cref="DetrLoss.Of"/> for their names.</summary>
    /// <param name="batch">Images with their ground truth, in pixels of each original image, before the model's own resizing.</param>
    /// <remarks>
    /// Crowd annotations are ignored. In an image without objects, the target of all queries is "no object". If an image has more objects
    /// than there are queries, the objects with the lowest matching cost are trained on, as many as there are queries.
    /// </remarks>
    /// <exception cref="InputException">A box has no area, or a label is out of range.</exception>
    public override Losses ComputeLosses(DetectionBatch batch)
    {
        using var scope = NewDisposeScope();
        ImageBatch images = Tight(input.ForTraining(batch.Images, Device));
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses);
        (Tensor logits, Tensor boxes) = Find(images, layers: null);
        Losses losses = loss.Of(logits, boxes, DetrTargets.From(truth, images));
        foreach (var (_, value) in losses) value.MoveToOuterDisposeScope();
        return losses;
    }

    /// <summary>The outputs of the last <paramref name="layers"/> layers of the decoder (all if null): logits
    /// [layers, N, Q, classes + 1] and boxes [layers, N, Q, 4].</summary>
    private (Tensor Logits, Tensor Boxes) Find(ImageBatch images, int? layers)
    {
        Tensor map = features.Call(images.Pixels)[0];                                                           // [N, width, h, w]
        FeaturePaddingMask cells = FeaturePaddingMask.Of(images, (int)map.shape[2], (int)map.shape[3]);
        Tensor[] found = cells.HasPadding || layers != 1 ? Decode(map, cells.Valid, cells.HasPadding, layers)
            : decoder.Call(map, cells.Valid);
        return (found[0], found[1]);
    }

    private Tensor[] Decode(Tensor map, Tensor valid, bool hasPadding, int? layers)
    {
        Tensor decoded = transformer.Decode(map, new(valid, hasPadding), query_embed.weight!);                   // [layers, N, Q, width]
        if (layers is { } last) decoded = decoded.narrow(0, decoded.shape[0] - last, last);
        return [Autocast.Widen(class_embed.call(decoded)), bbox_embed.call(decoded)];
    }

    /// <summary>A batch without the rows and columns that are padding in all images: the paper's network pads only
    /// to the largest image, and masks the padding.</summary>
    private static ImageBatch Tight(ImageBatch padded) => new()
    {
        Pixels = padded.Pixels.narrow(2, 0, padded.Sizes.Max(size => size.Height)).narrow(3, 0, padded.Sizes.Max(size => size.Width)),
        Sizes = padded.Sizes,
        OriginalSizes = padded.OriginalSizes,
    };

    private Device Device => parameters().First().device;

    private static DetectorArchitecture Architecture(
        string suffix, BackboneOptions body, params (string Name, string File)[] published) => new()
    {
        Prefix = "detr_",
        Suffix = suffix,
        Create = (options, create) => new Detr(create(body), options),
        ClassesOf = weights => weights.TryGetValue(ClassBias, out Tensor? bias) ? (int)bias.shape[0] - 1 : null,
        ReadOptions = (options, weights) => options with { Detr = options.Detr.ReadOff(weights) },
        ClassLayers = ["class_embed.*"],
        CocoWeights = published.ToDictionary(entry => entry.Name, entry => Published + entry.File),
        PrefersAdamW = true,
    };
}
