using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A convolution without bias, its normalization and an activation, under YOLOX's keys <c>conv</c> and <c>bn</c>.</summary>
internal sealed class YoloConvolution : nn.Module<Tensor, Tensor>
{
    /// <summary>The slope of YOLOv3's leaky ReLU.</summary>
    private const double LeakySlope = 0.1;

    private readonly nn.Module<Tensor, Tensor> conv;
    private readonly nn.Module<Tensor, Tensor> bn;
    private readonly bool leaky;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel, odd.</param>
    /// <param name="norm">The normalization.</param>
    /// <param name="leaky">Whether the activation is YOLOv3's leaky ReLU, else YOLOX's x · sigmoid(x).</param>
    public YoloConvolution(int inChannels, int outChannels, int kernel, NormKind norm, bool leaky = false) : base(nameof(YoloConvolution))
    {
        conv = Conv3x3.Or(inChannels, outChannels, kernel, bias: false);
        bn = norm == NormKind.BatchNorm ? nn.BatchNorm2d(outChannels, 1e-3, 0.03) : Normalization.Create(norm, outChannels);
        this.leaky = leaky;
        RegisterComponents();
    }

    /// <summary>The normalization of the new layers of a neck and a head: batch normalization,
    /// unless the backbone's is independent of the batch.</summary>
    /// <param name="backbone">The backbone's; frozen statistics would be useless for new layers.</param>
    public static NormKind FreshNorm(NormKind? backbone) =>
        backbone is { } kind and not NormKind.FrozenBatchNorm ? kind : NormKind.BatchNorm;

    /// <summary>A prediction layer; with <paramref name="prior"/>, its sigmoid is initially 0.01.</summary>
    public static Conv2d Prediction(int channels, int outputs, bool prior)
    {
        Conv2d layer = nn.Conv2d(channels, outputs, 1);
        if (prior) nn.init.constant_(layer.bias!, DenseTower.PriorBias);
        return layer;
    }

    /// <summary>[N, inChannels, H, W] to [N, outChannels, H, W].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = bn.call(conv.call(x));
        return (leaky ? y.leaky_relu_(LeakySlope) : y.silu_()).MoveToOuterDisposeScope();
    }
}
