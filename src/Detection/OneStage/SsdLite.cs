using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The layers of SSDlite (Sandler et al. 2018, arXiv:1801.04381):
/// SSD's with depthwise 3×3 convolutions.</summary>
internal static class SsdLite
{
    /// <summary>The momentum of batch normalization that torchvision trained with.</summary>
    public const double Momentum = 0.03;

    private const double Deviation = 0.03;

    /// <summary>Creates normalization layers: batch normalization with torchvision's ε and momentum, or another kind.</summary>
    public static Func<int, nn.Module<Tensor, Tensor>> Norm(NormKind? kind) => kind is { } other and not NormKind.BatchNorm
        ? channels => Normalization.Create(other, channels)
        : channels => nn.BatchNorm2d(channels, 1e-3, Momentum);

    /// <summary>Blocks that halve a map: 1×1 reduction, depthwise 3×3 with stride 2, 1×1 expansion.</summary>
    /// <param name="inChannels">Channels of the first block's input.</param>
    /// <param name="widths">Channels of each block's output, twice its inner channels.</param>
    /// <param name="norm">Creates the normalization layers.</param>
    public static ModuleList<Sequential> Extras(int inChannels, IReadOnlyList<int> widths, Func<int, nn.Module<Tensor, Tensor>> norm)
    {
        ModuleList<Sequential> blocks = new();
        foreach (int width in widths)
        {
            int inside = width / 2;
            blocks.Add(nn.Sequential(
                Layer(inChannels, inside, 1, 1, 1, norm), Layer(inside, inside, 3, 2, inside, norm), Layer(inside, width, 1, 1, 1, norm)));
            inChannels = width;
        }
        Draw(blocks);
        return blocks;
    }

    /// <summary>A prediction layer: depthwise 3×3, then 1×1.</summary>
    public static Sequential Prediction(int channels, int outputs, Func<int, nn.Module<Tensor, Tensor>> norm)
    {
        Sequential block = nn.Sequential(Layer(channels, channels, 3, 1, channels, norm), nn.Conv2d(channels, outputs, 1));
        Draw(block);
        return block;
    }

    /// <summary>Initializes convolutions as torchvision does for SSDlite.</summary>
    public static void Draw(nn.Module module)
    {
        foreach (var (name, parameter) in module.named_parameters())
            if (parameter.dim() > 1) nn.init.normal_(parameter, 0, Deviation);
            else if (name.EndsWith("bias", StringComparison.Ordinal)) nn.init.zeros_(parameter);
    }

    private static Sequential Layer(int inChannels, int outChannels, int kernel, int stride, int groups,
        Func<int, nn.Module<Tensor, Tensor>> norm) => nn.Sequential(
        nn.Conv2d(inChannels, outChannels, kernel, stride, kernel / 2, groups: groups, bias: false), norm(outChannels), nn.ReLU6(true));
}
