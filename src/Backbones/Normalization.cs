using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Makes the normalization layers that backbones are built with.</summary>
public static class Normalization
{
    /// <summary>Groups of a <see cref="NormKind.GroupNorm"/>: the paper's choice, which
    /// divides every width of a ResNet for ImageNet.</summary>
    private const int Groups = 32;

    /// <summary>A layer of that kind over [N, <paramref name="channels"/>, H, W]; it starts
    /// as the identity on normalized features.</summary>
    public static nn.Module<Tensor, Tensor> Create(NormKind kind, int channels) => kind switch
    {
        NormKind.BatchNorm => nn.BatchNorm2d(channels),
        NormKind.FrozenBatchNorm => new FrozenBatchNorm2d(channels),
        NormKind.GroupNorm => GroupNorm(GroupsOf(channels), channels),
        NormKind.LayerNorm2d => new LayerNorm2d(channels),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such normalization."),
    };

    /// <summary>Group normalization over [N, <paramref name="channels"/>, H, W], starting without scale and
    /// shift: TorchSharp leaves both as the memory was.</summary>
    /// <param name="groups">Groups, a divisor of the channels.</param>
    /// <param name="channels">Channels of the input.</param>
    public static GroupNorm GroupNorm(int groups, int channels)
    {
        GroupNorm norm = nn.GroupNorm(groups, channels);
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias!);
        return norm;
    }

    // The most groups up to 32 that share the channels evenly: 16 of the 16 channels of a network for CIFAR, 26 of Res2Net's 26.
    private static int GroupsOf(int channels)
    {
        int groups = Math.Min(Groups, channels);
        while (channels % groups != 0) groups--;
        return groups;
    }
}
