namespace Vision.Backbones;

/// <summary>The parameters of an <see cref="InvertedResidual"/> block.</summary>
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

    /// <summary>Nominal stride of the middle convolution, before any of it is replaced by dilation.</summary>
    public required int Stride { get; init; }

    /// <summary>The activation after the first two convolutions.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Creates the squeeze-and-excitation layer; null for a block without one.</summary>
    public Func<SqueezeExcitation>? Squeeze { get; init; }

    /// <summary>Whether the expansion and the middle convolution are fused into one ungrouped convolution
    /// (EfficientNetV2, Tan &amp; Le 2021, arXiv:2104.00298).</summary>
    public bool Fused { get; init; }
}
