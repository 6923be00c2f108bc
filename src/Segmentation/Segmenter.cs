using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using Vision.Ops;
using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// A network that classifies every pixel: a backbone, a head on some of its stages, and an auxiliary head for training. Keys are
/// torchvision's, <c>backbone.*</c>, <c>classifier.*</c> and <c>aux_classifier.*</c>.
/// </summary>
/// <remarks>The module's mode matters: call <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public sealed class Segmenter : nn.Module<Tensor, Tensor>, ISegmenter
{
    /// <summary>The weight of the auxiliary head's loss: torchvision's (PSPNet's paper has 0.4).</summary>
    private const double AuxiliaryWeight = 0.5;

    /// <summary>The side of the image that is traced: any image can follow.</summary>
    private const int ExampleSide = 128;

    private readonly Backbone backbone;
    private readonly FcnHead? aux_classifier;
    private readonly SegmentationHead classifier;

    private readonly int[] stages;
    private readonly int auxiliaryStage;
    private readonly SegmenterInput input;
    private CompiledNetwork? compiled;

    /// <summary>Adds heads with randomly initialized weights to a backbone.</summary>
    /// <param name="architecture">The head and its stages.</param>
    /// <param name="backbone">Built without classes; ownership passes to this object.</param>
    /// <param name="auxiliaryStage">The input stage of the auxiliary head.</param>
    /// <param name="options">The options.</param>
    internal Segmenter(SegmenterArchitecture architecture, Backbone backbone, int auxiliaryStage, SegmenterOptions options)
        : base(nameof(Segmenter))
    {
        this.backbone = backbone;
        Architecture = architecture;
        stages = architecture.Stages(backbone.Stages);
        this.auxiliaryStage = auxiliaryStage;
        if (architecture.HasAuxiliary && options.Auxiliary) aux_classifier = new FcnHead(backbone.Stages[auxiliaryStage], options);
        classifier = architecture.Create([.. stages.Select(stage => backbone.Stages[stage])], options);
        RegisterComponents();
        input = new SegmenterInput(options);
        NumClasses = options.NumClasses;
    }

    /// <summary>The architecture.</summary>
    public SegmenterArchitecture Architecture { get; }

    /// <summary>The backbone.</summary>
    public Backbone Backbone => backbone;

    /// <inheritdoc/>
    public int NumClasses { get; }

    /// <summary>The device of the weights.</summary>
    public Device Device => backbone.parameters().First().device;

    /// <summary>Class logits of every pixel, [N, classes, H, W], of normalized images [N, 3, H, W] of any size.</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // A U-Net's logits are too large if a side is odd, since its strides were rounded up; the excess is cropped.
        return ResizeLike.Cover(classifier.call(backbone.forward_features(x, stages)), x).MoveToOuterDisposeScope();
    }

    /// <summary>Class logits of every pixel, [1, classes, H, W], of an unnormalized image. No gradients are recorded.</summary>
    /// <remarks>The image is padded at the right and bottom with the mean color to multiples of
    /// <see cref="SegmenterArchitecture.SizeDivisor"/>, and the result is cropped to the image.</remarks>
    /// <param name="image">RGB, [3, H, W], float32 in [0, 1] or uint8; on any device.</param>
    public Tensor Logits(Tensor image) => Logits(image, image.shape[^2], image.shape[^1]);

    /// <inheritdoc/>
    public Tensor Logits(Tensor image, long height, long width)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        Tensor pixels = input.ForPrediction(image, height, width, Device, Architecture.SizeDivisor);        // [1, 3, H, W]
        Tensor logits = compiled?.Call(pixels) ?? call(pixels);
        return logits.narrow(2, 0, height).narrow(3, 0, width).MoveToOuterDisposeScope();
    }

    /// <summary>Compiles the network, so that further predictions are faster: their logits are the same up to float32 rounding. It takes
    /// about as long as a few predictions, and ends when the network is trained further. Do not change its weights otherwise.</summary>
    /// <exception cref="PlatformNotSupportedException">This system lacks libtorch's tracer: it is on Linux on x86-64.</exception>
    /// <exception cref="NotSupportedException">The network is on a GPU, or uses an operator that cannot be compiled.</exception>
    public void Compile()
    {
        using Tensor example = zeros([1, backbone.InputChannels, ExampleSide, ExampleSide], device: Device);
        compiled ??= CompiledNetwork.Of(this, example);
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        if (on) Forget();
    }

    /// <summary>The losses of a batch, with gradients to the trainable parameters: those of the head, of its deep
    /// supervision if any, and of the auxiliary head.</summary>
    /// <param name="batch">Images with the classes of their pixels.</param>
    /// <param name="loss">The loss of the logits.</param>
    public Losses ComputeLosses(SegmentationBatch batch, SegmentationLoss loss)
    {
        using var scope = NewDisposeScope();
        (Tensor pixels, Tensor labels) = input.ForTraining(batch, Device);                  // [N, 3, H, W], int64 [N, H, W]
        int[] wanted = [.. (aux_classifier is null ? stages : stages.Append(auxiliaryStage)).Distinct().Order()];
        Tensor[] features = backbone.forward_features(pixels, wanted);

        Tensor[] supervised = classifier.Supervised([.. stages.Select(Of)]);
        Tensor[] errors = [.. supervised.Select(LossOf)];
        Losses losses = new() { { "out", errors[0].MoveToOuterDisposeScope() } };
        if (errors.Length > 1) losses.Add("deep", stack(errors[1..]).mean().MoveToOuterDisposeScope());
        if (aux_classifier is not null)
            losses.Add("aux", (LossOf(aux_classifier.call([Of(auxiliaryStage)])) * AuxiliaryWeight).MoveToOuterDisposeScope());
        return losses;

        Tensor LossOf(Tensor logits) => loss.Of(ResizeLike.Cover(Autocast.Widen(logits), pixels), labels);

        Tensor Of(int stage) => features[Array.IndexOf(wanted, stage)];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Forget();
        base.Dispose(disposing);
    }

    private void Forget()
    {
        compiled?.Dispose();
        compiled = null;
    }
}
