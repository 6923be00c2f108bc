namespace Vision.Backbones;

/// <summary>The parameters of a ConvNeXt (Liu et al. 2022, arXiv:2201.03545, section 3).</summary>
internal sealed record ConvNeXtLayout
{
    /// <summary>Channels of the four stages.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Blocks of the four stages.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>The published rate of stochastic depth.</summary>
    public required double StochasticDepth { get; init; }
}
