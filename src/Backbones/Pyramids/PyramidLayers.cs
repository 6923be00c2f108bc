using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The convolutions of pyramids.</summary>
internal static class PyramidLayers
{
    /// <summary>A convolution with a bias, or with a normalization instead; padded so that only the stride changes the
    /// size. Its key is <c>0</c>, the normalization's <c>1</c>.</summary>
    public static Sequential Convolution(int inChannels, int outChannels, int kernel, NormKind? norm, int stride = 1)
    {
        nn.Module<Tensor, Tensor> conv = Conv3x3.Or(inChannels, outChannels, kernel, stride, bias: norm is null);
        if (Conv3x3.ParametersOf(conv) is (_, { } bias)) nn.init.zeros_(bias);
        return norm is { } kind ? nn.Sequential(conv, Normalization.Create(kind, outChannels)) : nn.Sequential(conv);
    }

    /// <summary>Initializes the weights of convolutions as torchvision's pyramids do: Kaiming uniform
    /// with slope 1. Other parameters are not changed.</summary>
    public static void Draw(params IEnumerable<nn.Module> layers)
    {
        foreach (var weight in layers.SelectMany(layer => layer.parameters()).Where(parameter => parameter.dim() > 1))
            nn.init.kaiming_uniform_(weight, 1);
    }
}
