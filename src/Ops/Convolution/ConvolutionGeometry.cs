namespace Vision.Ops.Convolution;

/// <summary>How a convolution's kernel moves over its input; pairs are (vertical, horizontal).</summary>
internal sealed record ConvolutionGeometry(long[] Stride, long[] Padding, long[] Dilation, long Groups);
