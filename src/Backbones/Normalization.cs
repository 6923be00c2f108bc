using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>Makes the normalisation layers that backbones are built with.</summary>
public static class Normalization
{
    /// <summary>Groups of a <see cref="NormKind.GroupNorm"/>: the paper's choice, which divides every width of a ResNet for ImageNet.</summary>
    private const int Groups = 32;

    /// <summary>A layer of that kind over [N, <paramref name="channels"/>, H, W]; it starts as the identity on normalised features.</summary>
    public static nn.Module<Tensor, Tensor> Create(NormKind kind, int channels) => kind switch
    {
        NormKind.BatchNorm => nn.BatchNorm2d(channels),
        NormKind.FrozenBatchNorm => new FrozenBatchNorm2d(channels),
        NormKind.GroupNorm => nn.GroupNorm(GroupsOf(channels), channels),
        NormKind.LayerNorm2d => new LayerNorm2d(channels),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such normalisation."),
    };

    // The most groups up to 32 that share the channels evenly: 16 of the 16 channels of a network for CIFAR, 26 of Res2Net's 26.
    private static int GroupsOf(int channels)
    {
        int groups = Math.Min(Groups, channels);
        while (channels % groups != 0) groups--;
        return groups;
    }
}
