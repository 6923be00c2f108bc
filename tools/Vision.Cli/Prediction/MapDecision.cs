using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>From a network's probabilities to the class of each pixel: refined by a field, smoothed
/// in time, and measured for flicker, as asked for.</summary>
/// <param name="crf">What draws the borders of classes to those of the image; null for nothing.</param>
/// <param name="smoother">What keeps frames from flickering; null for images that have nothing to do with each other.</param>
/// <param name="flicker">What measures it; null for nothing.</param>
internal sealed class MapDecision(DenseCrf? crf, FlowSmoother? smoother, FlickerMeter? flicker) : IDisposable
{
    /// <summary>The part of still pixels whose class changed from frame to frame; null where it is not known.</summary>
    public double? Flicker => flicker is { Value: >= 0 and var value } ? value : null;

    /// <summary>Whether the most probable classes are taken as they are, so that probabilities of a whole image are not needed.</summary>
    public bool IsPlain => crf is null && smoother is null;

    /// <summary>The next image's classes, where they are known already.</summary>
    public SegmentationMap Of(Mat image, SegmentationMap map)
    {
        flicker?.Add(image, map);
        return map;
    }

    /// <summary>The next image's classes.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="probabilities">[classes, H, W], of its size.</param>
    public SegmentationMap Of(Mat image, Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        if (crf is not null) probabilities = crf.RefineProbabilities(probabilities, image);
        if (smoother is not null) probabilities = smoother.Smooth(image, probabilities);
        return Of(image, SegmenterViews.MapOf(probabilities));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        smoother?.Dispose();
        flicker?.Dispose();
    }
}
