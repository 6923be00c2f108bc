namespace Vision.Backbones;

/// <summary>The residual block that a ResNet repeats.</summary>
public enum ResNetBlock
{
    /// <summary>Two 3×3 convolutions: ResNet-18 and 34.</summary>
    Basic,

    /// <summary>1×1, 3×3, 1×1 with an output of four times the width: ResNet-50 and deeper.</summary>
    Bottleneck,

    /// <summary>A bottleneck with a chain of four 3×3 convolutions: Res2Net.</summary>
    Res2Net,
}
