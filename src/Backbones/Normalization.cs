using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Creates the normalization layers of backbones.</summary>
public static class Normalization
{
    /// <summary>Number of groups of a <see cref="NormKind.GroupNorm"/>: the paper's choice, which
    /// divides every width of a ResNet for ImageNet.</summary>
    private const int Groups = 32;

    /// <summary>A layer of the given kind for [N, <paramref name="channels"/>, H, W], with initial
    /// scale 1 and shift 0.</summary>
    public static nn.Module<Tensor, Tensor> Create(NormKind kind, int channels) => kind switch
    {
        NormKind.BatchNorm => nn.BatchNorm2d(channels),
        NormKind.FrozenBatchNorm => new FrozenBatchNorm2d(channels),
        NormKind.GroupNorm => GroupNorm(GroupsOf(channels), channels),
        NormKind.LayerNorm2d => new LayerNorm2d(channels),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such normalization."),
    };

    /// <summary>Group normalization for [N, <paramref name="channels"/>, H, W], with initial scale 1 and shift 0:
    /// TorchSharp leaves both uninitialized.</summary>
    /// <param name="groups">Number of groups, a divisor of the channels.</param>
    /// <param name="channels">Channels of the input.</param>
    public static GroupNorm GroupNorm(int groups, int channels)
    {
        GroupNorm norm = nn.GroupNorm(groups, channels);
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias!);
        return norm;
    }

    // The largest number of groups up to 32 that divides the channels: 16 for the 16 channels of a CIFAR network, 26 for Res2Net's 26.
    private static int GroupsOf(int channels)
    {
        int groups = Math.Min(Groups, channels);
        while (channels % groups != 0) groups--;
        return groups;
    }
}
