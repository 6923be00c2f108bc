namespace Vision.Backbones;

/// <summary>The parameters of a DenseNet (Huang et al. 2016, arXiv:1608.06993, table 1).</summary>
internal sealed record DenseNetLayout
{
    /// <summary>Channels that each layer adds.</summary>
    public required int Growth { get; init; }

    /// <summary>Layers of the four dense blocks.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Channels of the stem.</summary>
    public required int StemChannels { get; init; }
}
