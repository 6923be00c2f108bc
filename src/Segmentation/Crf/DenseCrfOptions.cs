namespace Vision.Segmentation;

/// <summary>
/// The kernels of a <see cref="DenseCrf"/>. The defaults are those that DeepLab made usual for networks (Chen et al. 2014, arXiv:1412.7062, who searched near
/// them on 100 images): best fitted to a network and a data set on some held-out images, appearance first.
/// </summary>
public sealed record DenseCrfOptions
{
    /// <summary>The weight of the smoothness kernel, which asks for the same class in near pixels: 3, DeepLab's, which removes specks. 0 for none.</summary>
    public double SmoothnessWeight { get; init; } = 3;

    /// <summary>The standard deviation of the smoothness kernel, in pixels: 3, DeepLab's. What is much smaller vanishes.</summary>
    public double SmoothnessSigma { get; init; } = 3;

    /// <summary>The weight of the appearance kernel, which asks for the same class in pixels of similar colour: 10, that of the paper's code; DeepLab found 4 to 10 best. 0 for none.</summary>
    public double AppearanceWeight { get; init; } = 10;

    /// <summary>The standard deviation of the appearance kernel in position, in pixels: 80, the middle of DeepLab's search for images 500 pixels wide. It goes with the images' size.</summary>
    public double AppearancePositionSigma { get; init; } = 80;

    /// <summary>The standard deviation of the appearance kernel in each colour channel, in steps of 0..255: 13, which tells objects apart and passes over shading and noise.</summary>
    public double AppearanceColourSigma { get; init; } = 13;

    /// <summary>Mean-field iterations: 10, after which the paper sees no more change.</summary>
    public int Iterations { get; init; } = 10;
}
