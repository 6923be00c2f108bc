namespace Vision.Backbones;

/// <summary>The parameters of a VGG (Simonyan &amp; Zisserman 2014, arXiv:1409.1556, table 1).</summary>
internal sealed record VggLayout
{
    /// <summary>Number of convolutions with 64, 128, 256, 512 and 512 channels; a pooling follows each group.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Whether the convolutions are normalized: the variants that torchvision calls <c>_bn</c>.</summary>
    public bool HasNorm { get; init; }
}
