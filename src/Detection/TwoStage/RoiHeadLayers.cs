using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The convolutions of the heads on pooled regions, under torchvision's keys and with its initialization.</summary>
internal static class RoiHeadLayers
{
    /// <summary>A 3×3 convolution with a bias, or with a normalization instead, then a ReLU. Keys <c>0</c> and <c>1</c>.</summary>
    public static Sequential Convolution(int inChannels, int outChannels, NormKind? norm)
    {
        Conv3x3 conv = Drawn(new Conv3x3(inChannels, outChannels, bias: norm is null));
        return norm is { } kind
            ? nn.Sequential(conv, Normalization.Create(kind, outChannels), nn.ReLU(true))
            : nn.Sequential(conv, nn.ReLU(true));
    }

    /// <summary>Applies layers in sequence to pooled regions, of which there may be none.</summary>
    /// <remarks>
    /// libtorch cannot convolve an empty tensor with channels-last weights, and normalizing no regions must not change the statistics.
    /// Therefore a region of zeros is inserted, normalized by the running statistics, and removed again; the gradients are zeros.
    /// </remarks>
    /// <param name="regions">[R, channels, side, side].</param>
    /// <param name="layers">The layers, all in the same mode.</param>
    public static Tensor Call(Tensor regions, params nn.Module<Tensor, Tensor>[] layers)
    {
        using var scope = NewDisposeScope();
        if (regions.shape[0] > 0) return layers.Aggregate(regions, (x, layer) => layer.call(x)).MoveToOuterDisposeScope();
        bool training = layers[0].training;
        foreach (var layer in layers) layer.eval();
        Tensor standIn = layers.Aggregate(zeros([1, .. regions.shape[1..]], regions.dtype, regions.device), (x, layer) => layer.call(x));
        foreach (var layer in layers) layer.train(training);
        return standIn.narrow(0, 0, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Initializes a convolution: Kaiming normal by fan-out, bias 0.</summary>
    public static Conv3x3 Drawn(Conv3x3 conv)
    {
        Draw(conv.Weight);
        if (conv.Bias is { } bias) nn.init.zeros_(bias);
        return conv;
    }

    /// <summary>Initializes a weight: Kaiming normal by fan-out.</summary>
    public static void Draw(Tensor weight) => nn.init.kaiming_normal_(weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
}
