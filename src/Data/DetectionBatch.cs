using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Images of any sizes with their ground truth: one training batch of a detector. Owns the images.</summary>
public sealed class DetectionBatch : IDisposable
{
    /// <summary>Its index in the epoch, starting at 0.</summary>
    public int Index { get; init; }

    /// <summary>Each image: RGB, float32 in [0, 1], [3, H, W]; sizes differ.</summary>
    public required Tensor[] Images { get; init; }

    /// <summary>The ground truth of each image, in pixels of that image.</summary>
    public required Targets[] Targets { get; init; }

    /// <summary>Frees the images.</summary>
    public void Dispose()
    {
        foreach (Tensor image in Images) image.Dispose();
    }
}
