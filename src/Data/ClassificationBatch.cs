using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Images of one size with their classes, as a classifier trains on them. Owns its tensors.</summary>
public sealed class ClassificationBatch : IDisposable
{
    /// <summary>Its place in the epoch, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The images: RGB, float32 in [0, 1], [N, 3, H, W].</summary>
    public required Tensor Images { get; init; }

    /// <summary>
    /// What is to be learned: int64 [N] with the class of each image, from 0; or, where images were mixed, float32 [N,
    /// C] with the share of each class. <c>cross_entropy</c> takes either.
    /// </summary>
    public required Tensor Targets { get; init; }

    /// <summary>The files or records of the images; messages name them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
