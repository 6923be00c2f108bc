namespace Vision.Backbones;

/// <summary>What tells one ResNet from another (He et al. 2015, arXiv:1512.03385, table 1).</summary>
public sealed record ResNetLayout
{
    /// <summary>The block that is repeated.</summary>
    public required ResNetBlock Block { get; init; }

    /// <summary>How many blocks C2, C3, C4 and C5 have.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>ResNet-18.</summary>
    public static ResNetLayout ResNet18 { get; } = new() { Block = ResNetBlock.Basic, Depths = [2, 2, 2, 2] };

    /// <summary>ResNet-34.</summary>
    public static ResNetLayout ResNet34 { get; } = new() { Block = ResNetBlock.Basic, Depths = [3, 4, 6, 3] };

    /// <summary>ResNet-50.</summary>
    public static ResNetLayout ResNet50 { get; } = new() { Block = ResNetBlock.Bottleneck, Depths = [3, 4, 6, 3] };

    /// <summary>ResNet-101.</summary>
    public static ResNetLayout ResNet101 { get; } = new() { Block = ResNetBlock.Bottleneck, Depths = [3, 4, 23, 3] };

    /// <summary>ResNet-152.</summary>
    public static ResNetLayout ResNet152 { get; } = new() { Block = ResNetBlock.Bottleneck, Depths = [3, 8, 36, 3] };
}
