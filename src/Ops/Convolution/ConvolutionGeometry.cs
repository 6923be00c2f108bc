namespace Vision.Ops.Convolution;

/// <summary>How a convolution's kernel moves over its input; pairs are (vertical, horizontal).</summary>
internal sealed record ConvolutionGeometry(long[] Stride, long[] Padding, long[] Dilation, long Groups)
{
    /// <summary>The height or width of the result.</summary>
    /// <param name="side">That of the input.</param>
    /// <param name="kernel">That of the kernel.</param>
    /// <param name="axis">0 for heights, 1 for widths.</param>
    public long Size(long side, long kernel, int axis) => (side + 2 * Padding[axis] - Dilation[axis] * (kernel - 1) - 1) / Stride[axis] + 1;

    /// <summary>Whether it moves in the same way.</summary>
    public bool Equals(ConvolutionGeometry? other) => other is not null && Groups == other.Groups && Stride.SequenceEqual(other.Stride)
        && Padding.SequenceEqual(other.Padding) && Dilation.SequenceEqual(other.Dilation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Groups, Stride[0], Padding[0], Dilation[0]);
}
