namespace Vision.Ops.Convolution;

/// <summary>How a convolution's kernel moves over its input; pairs are (vertical, horizontal).</summary>
internal sealed record ConvolutionGeometry(long[] Stride, long[] Padding, long[] Dilation, long Groups)
{
    /// <summary>Whether it moves in the same way.</summary>
    public bool Equals(ConvolutionGeometry? other) => other is not null && Groups == other.Groups && Stride.SequenceEqual(other.Stride)
        && Padding.SequenceEqual(other.Padding) && Dilation.SequenceEqual(other.Dilation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Groups, Stride[0], Padding[0], Dilation[0]);
}
