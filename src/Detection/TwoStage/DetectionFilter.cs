using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Picks the detections among all that the second stage says: decoded, cut to the image, non-maximum suppressed class by class, and limited in number.</summary>
public sealed class DetectionFilter
{
    /// <summary>The least side of a detection, in pixels.</summary>
    private const double MinSide = 1e-2;

    private readonly RoiOptions options;

    /// <summary>A filter with these thresholds.</summary>
    public DetectionFilter(RoiOptions options) => this.options = options;

    /// <summary>The detections of each image. All images are filtered at once.</summary>
    /// <param name="scores">Probabilities, [R, classes].</param>
    /// <param name="deltas">[R, classes, 4], or [R, 1, 4] where they are for all classes.</param>
    /// <param name="coder">What the deltas mean.</param>
    /// <param name="regions">The R regions by image, [Rᵢ, 4] xyxy.</param>
    /// <param name="images">The images that the regions are in.</param>
    public DetectedRegions Keep(Tensor scores, Tensor deltas, BoxCoder coder, IReadOnlyList<Tensor> regions, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        long classes = scores.shape[1];
        Device device = scores.device;

        // Every pair of region and class other than background is a candidate, [K].
        Tensor candidates = scores.narrow(1, 1, classes - 1).gt(options.ScoreThreshold).nonzero();      // [K, 2]
        Tensor rows = candidates.select(1, 0);
        Tensor labels = candidates.select(1, 1) + 1;
        Tensor image = ImageOfRow(regions, device).index_select(0, rows);
        Tensor score = scores.index(rows, labels);
        Tensor column = deltas.shape[1] == 1 ? zeros_like(labels) : labels;
        Tensor boxes = coder.Decode(deltas.index(rows, column), cat([.. regions]).index_select(0, rows));
        boxes = BoxMath.Clip(boxes, BoxMath.Limits(images.Sizes, device).index_select(0, image));       // [K, 4]

        Tensor valid = BoxMath.AtLeast(boxes, MinSide).nonzero().squeeze(1);
        (boxes, score, labels, image) = (boxes.index_select(0, valid), score.index_select(0, valid), labels.index_select(0, valid), image.index_select(0, valid));
        Tensor best = Nms.KeepPerClass(boxes, score, image * classes + labels, options.NmsThreshold);

        var (keptBoxes, keptLabels, keptScores) = (new Tensor[regions.Count], new Tensor[regions.Count], new Tensor[regions.Count]);
        for (int i = 0; i < regions.Count; i++)
        {
            Tensor own = best.index_select(0, image.index_select(0, best).eq(i).nonzero().squeeze(1));
            own = own.narrow(0, 0, Math.Min(own.shape[0], options.DetectionsPerImage));
            keptBoxes[i] = boxes.index_select(0, own).MoveToOuterDisposeScope();
            keptLabels[i] = labels.index_select(0, own).MoveToOuterDisposeScope();
            keptScores[i] = score.index_select(0, own).MoveToOuterDisposeScope();
        }
        return new(keptBoxes, keptLabels, keptScores);
    }

    private static Tensor ImageOfRow(IReadOnlyList<Tensor> regions, Device device) =>
        cat([.. regions.Select((boxes, i) => full(boxes.shape[0], i, int64, device))]);
}
