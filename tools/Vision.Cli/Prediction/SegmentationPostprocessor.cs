using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Turns a network's probabilities into the class of each pixel, optionally refined by a CRF,
/// smoothed over time, and measured for flicker.</summary>
/// <param name="crf">The CRF that aligns class borders with edges of the image; null for none.</param>
/// <param name="smoother">Reduces flicker between frames; null for unrelated images.</param>
/// <param name="flicker">Measures flicker; null for none.</param>
internal sealed class SegmentationPostprocessor(DenseCrf? crf, FlowSmoother? smoother, FlickerMeter? flicker) : IDisposable
{
    /// <summary>The fraction of static pixels whose class changed from frame to frame; null if unknown.</summary>
    public double? Flicker => flicker is { Value: >= 0 and var value } ? value : null;

    /// <summary>Whether the most probable classes are used directly, so that the probabilities of a whole image are not needed.</summary>
    public bool IsPlain => crf is null && smoother is null;

    /// <summary>Adds the next image's classes to the measured flicker.</summary>
    public void Measure(Mat image, SegmentationMap map) => flicker?.Add(image, map);

    /// <summary>The next image's classes.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="probabilities">[classes, H, W], of its size.</param>
    public SegmentationMap Of(Mat image, Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        if (crf is not null) probabilities = crf.RefineProbabilities(probabilities, image);
        if (smoother is not null) probabilities = smoother.Smooth(image, probabilities);
        return SegmenterViews.MapOf(probabilities);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        smoother?.Dispose();
        flicker?.Dispose();
    }
}
