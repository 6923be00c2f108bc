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

    /// <summary>Class logits of every pixel, [1, classes, H, W], of an unnormalized image. No gradients are recorded.</summary>
    /// <param name="image">RGB, float32 in [0, 1], [3, H, W]; on any device.</param>
    Tensor Logits(Tensor image);
}
