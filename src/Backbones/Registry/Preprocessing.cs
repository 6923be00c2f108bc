using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>The preprocessing of images for published classifier weights: resize the shorter side, crop the center, normalize.</summary>
/// <param name="Resize">The shorter side after resizing, in pixels.</param>
/// <param name="Crop">Side of the square center crop, in pixels.</param>
/// <param name="Interpolation">The interpolation of the resize.</param>
public sealed record Preprocessing(int Resize, int Crop, InterpolationMode Interpolation = InterpolationMode.Bilinear)
{
    /// <summary>The mean of each channel (R, G, B in [0, 1]); the default is ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>The standard deviation of each channel (R, G, B in [0, 1]); the default is ImageNet's.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];
}
