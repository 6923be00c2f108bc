using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The convolutions that pyramids are made of.</summary>
internal static class PyramidLayers
{
    /// <summary>A convolution with a bias, or without one and with a normalization after it; size is kept but for the
    /// stride. Its key is <c>0</c>, the normalization's <c>1</c>.</summary>
    public static Sequential Convolution(int inChannels, int outChannels, int kernel, NormKind? norm, int stride = 1)
    {
        Conv2d conv = nn.Conv2d(inChannels, outChannels, kernel, stride, kernel / 2, bias: norm is null);
        if (conv.bias is { } bias) nn.init.zeros_(bias);
        return norm is { } kind ? nn.Sequential(conv, Normalization.Create(kind, outChannels)) : nn.Sequential(conv);
    }

    /// <summary>Draws the weights of convolutions as torchvision's pyramids do, uniform by He's
    /// rule with slope 1; all else stays as it is.</summary>
    public static void Draw(params IEnumerable<nn.Module> layers)
    {
        foreach (var weight in layers.SelectMany(layer => layer.parameters()).Where(parameter => parameter.dim() > 1))
            nn.init.kaiming_uniform_(weight, 1);
    }
}
