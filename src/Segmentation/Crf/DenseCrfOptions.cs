namespace Vision.Segmentation;

/// <summary>
/// The kernels of a <see cref="DenseCrf"/>. The defaults are the usual ones for networks on photographs some 500 pixels wide: DeepLab's
/// (Chen et al. 2014, arXiv:1412.7062) for smoothness and for the weight of appearance, and the deviations of the example beside the
/// authors' code. DeepLab fitted appearance to the network on 100 images, which is worth the while.
/// </summary>
public sealed record DenseCrfOptions
{
    /// <summary>The weight of the smoothness kernel, which asks for the same class in near
    /// pixels: 3, which removes specks. 0 for none.</summary>
    public double SmoothnessWeight { get; init; } = 3;

    /// <summary>The standard deviation of the smoothness kernel, in pixels: 3. What is much smaller vanishes.</summary>
    public double SmoothnessSigma { get; init; } = 3;

    /// <summary>The weight of the appearance kernel, which asks for the same class in pixels of similar color: 4, the
    /// least of DeepLab's search. The surer the network's mistakes, the more (the paper's code has 10), and the more of
    /// what is small is lost to its surroundings. 0 for none.</summary>
    public double AppearanceWeight { get; init; } = 4;

    /// <summary>The standard deviation of the appearance kernel in position, in pixels: 80, about the
    /// size of an object. It goes with the images' size.</summary>
    public double AppearancePositionSigma { get; init; } = 80;

    /// <summary>The standard deviation of the appearance kernel in each color channel, in steps of 0..255: 13, which
    /// tells objects apart and passes over shading and noise.</summary>
    public double AppearanceColorSigma { get; init; } = 13;

    /// <summary>Mean-field iterations: 10, after which hardly anything changes.</summary>
    public int Iterations { get; init; } = 10;
}
