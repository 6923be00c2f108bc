using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Images with the class of each of their pixels. It owns its tensors.</summary>
public sealed class SegmentationBatch : IDisposable
{
    /// <summary>Its index in the epoch, starting at 0.</summary>
    public int Index { get; init; }

    /// <summary>RGB, float32 in [0, 1], [3, H, W] each; of any sizes.</summary>
    public required Tensor[] Images { get; init; }

    /// <summary>The classes of each image's pixels, uint8 [H, W]: 0..C−1, or <see cref="SegmentationMap.Ignore"/>.</summary>
    public required Tensor[] Labels { get; init; }

    /// <summary>The image files, for messages.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Images) tensor.Dispose();
        foreach (Tensor tensor in Labels) tensor.Dispose();
    }
}
