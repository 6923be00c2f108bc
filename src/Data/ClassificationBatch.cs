using static TorchSharp.torch;

namespace Vision.Data;

/// <summary>Images of equal size with their classes: one training batch of a classifier. Owns its tensors.</summary>
public sealed class ClassificationBatch : IDisposable
{
    /// <summary>Its index in the epoch, starting at 0.</summary>
    public int Index { get; init; }

    /// <summary>The images: RGB, float32 in [0, 1], [N, 3, H, W].</summary>
    public required Tensor Images { get; init; }

    /// <summary>
    /// The training targets: int64 [N] with the class of each image, starting at 0; or, if images were mixed, float32 [N, C] with the share
    /// of each class. <c>cross_entropy</c> accepts both.
    /// </summary>
    public required Tensor Targets { get; init; }

    /// <summary>The files or records of the images, for messages.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
