using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Turns what the second stage says into detections: decoded, cut to the image, non-maximum suppressed class by class, and scaled back to the image as it was given.</summary>
public sealed class DetectionFilter
{
    /// <summary>The least side of a detection, in pixels.</summary>
    private const double MinSide = 1e-2;

    private readonly RoiOptions options;

    /// <summary>A filter with these thresholds.</summary>
    public DetectionFilter(RoiOptions options) => this.options = options;

    /// <summary>The detections of each image. All images are filtered at once, and come to the host in one transfer.</summary>
    /// <param name="logits">[R, classes].</param>
    /// <param name="deltas">[R, classes, 4].</param>
    /// <param name="regions">The R regions by image, [Rᵢ, 4] xyxy.</param>
    /// <param name="images">The images that the regions are in.</param>
    public Detections[] Keep(Tensor logits, Tensor deltas, IReadOnlyList<Tensor> regions, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        long classes = logits.shape[1];
        Device device = logits.device;

        // Every pair of region and class other than background is a candidate, [K].
        Tensor scores = nn.functional.softmax(logits, 1);                                               // [R, classes]
        Tensor candidates = scores.narrow(1, 1, classes - 1).gt(options.ScoreThreshold).nonzero();      // [K, 2]
        Tensor rows = candidates.select(1, 0);
        Tensor labels = candidates.select(1, 1) + 1;
        Tensor image = ImageOfRow(regions, device).index_select(0, rows);
        Tensor score = scores.index(rows, labels);
        Tensor boxes = BoxCoder.ForDetections.Decode(deltas.index(rows, labels), cat([.. regions]).index_select(0, rows));
        boxes = BoxMath.Clip(boxes, BoxMath.Limits(images.Sizes, device).index_select(0, image));       // [K, 4]

        Tensor valid = BoxMath.AtLeast(boxes, MinSide).nonzero().squeeze(1);
        (boxes, score, labels, image) = (boxes.index_select(0, valid), score.index_select(0, valid), labels.index_select(0, valid), image.index_select(0, valid));
        Tensor best = Nms.KeepPerClass(boxes, score, image * classes + labels, options.NmsThreshold);

        Tensor table = cat([image.unsqueeze(1).to(float32), labels.unsqueeze(1).to(float32), score.unsqueeze(1), boxes], 1);
        return ToDetections(table.index_select(0, best).cpu(), images);
    }

    private static Tensor ImageOfRow(IReadOnlyList<Tensor> regions, Device device) =>
        cat([.. regions.Select((boxes, i) => full(boxes.shape[0], i, int64, device))]);

    /// <summary>Reads rows of image, label, score and box, the surest first.</summary>
    private Detections[] ToDetections(Tensor table, ImageBatch images)
    {
        int columns = (int)table.shape[1];
        float[] values = table.data<float>().ToArray();
        var boxes = new List<Box>[images.Sizes.Length];
        var labels = new List<int>[boxes.Length];
        var scores = new List<float>[boxes.Length];
        for (int i = 0; i < boxes.Length; i++) (boxes[i], labels[i], scores[i]) = ([], [], []);

        foreach (float[] row in values.Chunk(columns))
        {
            int i = (int)row[0];
            if (boxes[i].Count == options.DetectionsPerImage) continue;
            float scaleX = (float)images.OriginalSizes[i].Width / images.Sizes[i].Width;
            float scaleY = (float)images.OriginalSizes[i].Height / images.Sizes[i].Height;
            labels[i].Add((int)row[1]);
            scores[i].Add(row[2]);
            boxes[i].Add(new(row[3] * scaleX, row[4] * scaleY, row[5] * scaleX, row[6] * scaleY));
        }
        return [.. boxes.Select((found, i) => new Detections { Boxes = [.. found], Labels = [.. labels[i]], Scores = [.. scores[i]] })];
    }
}
