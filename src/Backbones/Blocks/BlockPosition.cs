namespace Vision.Backbones;

/// <summary>The properties of a residual block that depend on its position in the network.</summary>
/// <param name="Stride">The stride of its strided layer.</param>
/// <param name="FirstDilation">The dilation of that layer.</param>
/// <param name="Dilation">The dilation of the layers after it.</param>
/// <param name="DropRate">The probability that stochastic depth drops it, in [0, 1).</param>
public readonly record struct BlockPosition(int Stride, int FirstDilation, int Dilation, double DropRate);
