using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The parameters of a residual block.</summary>
public sealed record ResidualBlockOptions
{
    /// <summary>Channels of the input.</summary>
    public required int InChannels { get; init; }

    /// <summary>The block's width: 64, 128, 256 and 512 in the stages of a ResNet. Its
    /// output has width times expansion channels.</summary>
    public required int Width { get; init; }

    /// <summary>Converts the shortcut to the shape of the output; null if it already has that shape.</summary>
    public nn.Module<Tensor, Tensor>? Downsample { get; init; }

    /// <summary>Stride, dilation and stochastic depth.</summary>
    public BlockPosition Place { get; init; } = new(1, 1, 1, 0);

    /// <summary>The normalization.</summary>
    public NormKind Norm { get; init; } = NormKind.BatchNorm;

    /// <summary>Groups of the 3×3 convolution: ResNeXt's cardinality (Xie et al. 2017, arXiv:1611.05431). Bottlenecks only.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of each group at a <see cref="Width"/> of 64: 64 for a plain ResNet,
    /// 128 for Wide ResNets. Bottlenecks only.</summary>
    public int WidthPerGroup { get; init; } = 64;

    /// <summary>Whether the 3×3 convolution is deformable. Plain bottlenecks only.</summary>
    public bool Deformable { get; init; }

    /// <summary>Whether squeeze-and-excitation scales the block's output before the sum (Hu et al. 2018, arXiv:1709.01507).</summary>
    public bool SqueezeExcitation { get; init; }
}
