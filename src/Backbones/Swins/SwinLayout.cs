namespace Vision.Backbones;

/// <summary>The parameters of a Swin transformer (Liu et al. 2021, arXiv:2103.14030, section 3.3).</summary>
internal sealed record SwinLayout
{
    /// <summary>Channels of the first stage; each further stage doubles them.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks of the four stages.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Attention heads of the four stages.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>The published rate of stochastic depth.</summary>
    public required double StochasticDepth { get; init; }
}
