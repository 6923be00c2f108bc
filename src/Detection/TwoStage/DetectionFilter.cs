using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Selects detections from the outputs of the second stage: decodes and clips boxes,
/// suppresses duplicates per class, and limits their number.</summary>
public sealed class DetectionFilter
{
    /// <summary>The minimum side of a detection, in pixels.</summary>
    private const double MinSide = 1e-2;

    /// <summary>A filter with the given options.</summary>
    public DetectionFilter(RoiOptions options)
    {
        ScoreThreshold = options.ScoreThreshold;
        Suppressor = new Suppressor(options.Suppression, options.DetectionsPerImage, MinSide);
    }

    /// <summary>The minimum score (exclusive) of a detection.</summary>
    internal double ScoreThreshold { get; }

    /// <summary>Suppresses duplicates.</summary>
    internal Suppressor Suppressor { get; }

    /// <summary>The detections of each image. All images are filtered at once.</summary>
    /// <param name="scores">Probabilities, [R, classes].</param>
    /// <param name="deltas">[R, classes, 4], or [R, 1, 4] if class-agnostic.</param>
    /// <param name="coder">Decodes the deltas.</param>
    /// <param name="regions">The R regions by image, [Rᵢ, 4] xyxy.</param>
    /// <param name="images">The images of the regions.</param>
    internal DetectedRegions Keep(Tensor scores, Tensor deltas, BoxCoder coder, IReadOnlyList<Tensor> regions, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        // Every pair of a region and a class other than background is a candidate.
        Tensor candidates = scores.narrow(1, 1, scores.shape[1] - 1).gt(ScoreThreshold).nonzero();      // [K, 2]
        Tensor rows = candidates.select(1, 0);
        Tensor labels = candidates.select(1, 1) + 1;
        Tensor column = deltas.shape[1] == 1 ? zeros_like(labels) : labels;
        Tensor boxes = coder.Decode(deltas.index(rows, column), cat([.. regions]).index_select(0, rows));       // [K, 4]
        Tensor image = cat([.. regions.Select((own, i) => full(own.shape[0], i, int64, scores.device))]).index_select(0, rows);
        DetectedRegions kept = Suppressor.Keep(new(boxes, scores.index(rows, labels), labels, image), images);
        foreach (Tensor tensor in (Tensor[])[.. kept.Boxes, .. kept.Labels, .. kept.Scores]) tensor.MoveToOuterDisposeScope();
        return kept;
    }
}
