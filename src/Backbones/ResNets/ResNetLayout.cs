namespace Vision.Backbones;

/// <summary>The parameters of a ResNet (He et al. 2015, arXiv:1512.03385, table 1).</summary>
public sealed record ResNetLayout
{
    /// <summary>The block that is repeated.</summary>
    public required ResNetBlock Block { get; init; }

    /// <summary>Number of blocks of C2, C3, C4 and C5.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>As <see cref="ResidualBlockOptions.Groups"/>.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>As <see cref="ResidualBlockOptions.WidthPerGroup"/>.</summary>
    public int WidthPerGroup { get; init; } = 64;

    /// <summary>As <see cref="ResidualBlockOptions.SqueezeExcitation"/>.</summary>
    public bool SqueezeExcitation { get; init; }

    /// <summary>
    /// Whether it is a ResNet-D (He et al. 2018, arXiv:1812.01187): a stem of three 3×3 convolutions,
    /// and shortcuts with average pooling before the projection.
    /// </summary>
    public bool VariantD { get; init; }

    /// <summary>Ratio of a block's output channels to its width.</summary>
    public int Expansion => Block == ResNetBlock.Basic ? BasicBlock.Expansion : Bottleneck.Expansion;
}
