namespace Vision.Backbones;

/// <summary>What tells one <see cref="InvertedResidual"/> from another.</summary>
internal sealed record InvertedResidualLayout
{
    /// <summary>Channels of the input.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels between the 1×1 convolutions.</summary>
    public required int Expanded { get; init; }

    /// <summary>Channels of the output.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Side of the middle convolution's kernel.</summary>
    public required int Kernel { get; init; }

    /// <summary>Stride of the middle convolution, before any of it becomes dilation.</summary>
    public required int Stride { get; init; }

    /// <summary>The activation after the first two convolutions.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Makes the squeeze-and-excitation; null for a block without.</summary>
    public Func<SqueezeExcitation>? Squeeze { get; init; }

    /// <summary>Whether expansion and middle convolution are one, ungrouped
    /// (EfficientNetV2, Tan &amp; Le 2021, arXiv:2104.00298).</summary>
    public bool Fused { get; init; }
}
