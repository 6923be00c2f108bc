namespace Vision.Segmentation;

/// <summary>
/// The kernels of a <see cref="DenseCrf"/>. The defaults are the usual ones for networks on photographs about 500 pixels wide: DeepLab's
/// (Chen et al. 2014, arXiv:1412.7062) for smoothness and for the appearance weight, and the standard deviations of the example in the
/// authors' code. DeepLab tuned the appearance kernel for its network on 100 images, which is worthwhile.
/// </summary>
public sealed record DenseCrfOptions
{
    /// <summary>The weight of the smoothness kernel, which favors the same class in nearby
    /// pixels: 3, which removes specks. 0 disables it.</summary>
    public double SmoothnessWeight { get; init; } = 3;

    /// <summary>The standard deviation of the smoothness kernel, in pixels: 3. Much smaller regions vanish.</summary>
    public double SmoothnessSigma { get; init; } = 3;

    /// <summary>The weight of the appearance kernel, which favors the same class in pixels of similar color: 4, the
    /// minimum of DeepLab's search. A higher weight corrects more confident mistakes (the paper's code has 10), but loses
    /// more small regions to their surroundings. 0 disables it.</summary>
    public double AppearanceWeight { get; init; } = 4;

    /// <summary>The standard deviation of the appearance kernel in position, in pixels: 80, about the
    /// size of an object. Scale it with the image size.</summary>
    public double AppearancePositionSigma { get; init; } = 80;

    /// <summary>The standard deviation of the appearance kernel in each color channel, in units of 0..255: 13, which
    /// separates objects but ignores shading and noise.</summary>
    public double AppearanceColorSigma { get; init; } = 13;

    /// <summary>Number of mean-field iterations: 10, after which little changes.</summary>
    public int Iterations { get; init; } = 10;
}
