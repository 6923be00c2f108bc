namespace Vision.Backbones;

/// <summary>What its place in a network says about a residual block.</summary>
/// <param name="Stride">The stride of its strided layer.</param>
/// <param name="FirstDilation">The dilation of that layer.</param>
/// <param name="Dilation">The dilation of the layers after it.</param>
/// <param name="DropRate">How often stochastic depth leaves it out, in [0, 1).</param>
public readonly record struct BlockPlace(int Stride, int FirstDilation, int Dilation, double DropRate);
