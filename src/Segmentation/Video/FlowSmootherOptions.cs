namespace Vision.Segmentation;

/// <summary>How strongly frames are smoothed in time.</summary>
public sealed record FlowSmootherOptions
{
    /// <summary>The share of what was seen before, where the image says that it is the same point, in [0, 1): 0.7
    /// averages over some three frames. 0 leaves each frame to itself.</summary>
    public double Past { get; init; } = 0.7;

    /// <summary>By how much of the range from black to white a point may have changed to be taken for the same one:
    /// with a tenth, shading and noise pass, other objects do not.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>The shorter side at which motion is looked for, in pixels: 180, since motion
    /// is smooth and a larger one costs time.</summary>
    public int ShorterSide { get; init; } = 180;
}
