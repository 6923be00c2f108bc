namespace Vision.Segmentation;

/// <summary>The options of temporal smoothing.</summary>
public sealed record FlowSmootherOptions
{
    /// <summary>The weight of the previous frame where the image shows the same point, in [0, 1): 0.7
    /// averages over about three frames. 0 disables smoothing.</summary>
    public double Past { get; init; } = 0.7;

    /// <summary>The maximum change in brightness of the same point, as a fraction of the range from black to white:
    /// 0.1 tolerates shading and noise, but not other objects.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>The shorter side at which optical flow is computed, in pixels: 180, since motion
    /// is smooth and a larger size costs time.</summary>
    public int ShorterSide { get; init; } = 180;
}
