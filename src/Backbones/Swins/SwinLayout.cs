namespace Vision.Backbones;

/// <summary>What tells one Swin transformer from another (Liu et al. 2021, arXiv:2103.14030, section 3.3).</summary>
public sealed record SwinLayout
{
    /// <summary>Channels of the first stage; every further one has twice as many.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks of the four stages.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Attention heads of the four stages.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>The published rate of stochastic depth.</summary>
    public required double StochasticDepth { get; init; }
}
