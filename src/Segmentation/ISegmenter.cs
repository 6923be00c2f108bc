using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A network that classifies every pixel, by whatever means: a module of TorchSharp (<see cref="Segmenter"/>), or an exported
/// file.</summary>
public interface ISegmenter : IDisposable
{
    /// <summary>Number of classes.</summary>
    int NumClasses { get; }

    /// <summary>The device that logits are on.</summary>
    Device Device { get; }

    /// <summary>Class logits of every pixel of a resized image, [1, classes, H, W]. No gradients are recorded.</summary>
    /// <param name="image">RGB, [3, h, w], float32 in [0, 1] or uint8; on any device.</param>
    /// <param name="height">The height H that it is resized to, bilinearly.</param>
    /// <param name="width">The width W that it is resized to.</param>
    Tensor Logits(Tensor image, long height, long width);
}
