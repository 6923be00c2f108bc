namespace Vision.Backbones;

/// <summary>What tells one VGG from another (Simonyan &amp; Zisserman 2014, arXiv:1409.1556, table 1).</summary>
public sealed record VggLayout
{
    /// <summary>Convolutions of 64, 128, 256, 512 and 512 channels, each group before a pooling.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Whether the convolutions are normalized: the variants that torchvision calls <c>_bn</c>.</summary>
    public bool HasNorm { get; init; }
}
