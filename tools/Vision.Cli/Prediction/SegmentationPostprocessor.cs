using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Predicts the class of each pixel, optionally refined by a CRF, smoothed over time, and measured for flicker.</summary>
/// <param name="crf">The CRF that aligns class borders with edges of the image; null for none.</param>
/// <param name="smoother">Reduces flicker between frames; null for unrelated images.</param>
/// <param name="flicker">Measures flicker; null for none.</param>
internal sealed class SegmentationPostprocessor(DenseCrf? crf, FlowSmoother? smoother, FlickerMeter? flicker) : IDisposable
{
    /// <summary>The fraction of static pixels whose class changed from frame to frame; null if unknown.</summary>
    public double? Flicker => flicker is { Value: >= 0 and var value } ? value : null;

    /// <summary>Adds the next image's classes to the measured flicker.</summary>
    public void Measure(Mat image, SegmentationMap map) => flicker?.Add(image, map);

    /// <summary>The next image's classes.</summary>
    /// <param name="segmenter">What predicts them.</param>
    /// <param name="image">RGB, 8 bits.</param>
    public SegmentationMap Of(ImageSegmenter segmenter, Mat image)
    {
        // The probabilities of a whole image take much memory, and classes alone do not need them.
        if (crf is null && smoother is null) return segmenter.Predict(image);
        using var scope = NewDisposeScope();
        Tensor probabilities = segmenter.Probabilities(image);                                  // [classes, H, W]
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
