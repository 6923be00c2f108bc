using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Turns candidates into detections: suppresses those that overlap surer ones, keeps the surest, and scales them back to the images as they were given.</summary>
internal sealed class Suppressor
{
    private readonly SuppressionOptions options;
    private readonly int detectionsPerImage;

    /// <summary>A suppressor with these figures.</summary>
    public Suppressor(SuppressionOptions options, int detectionsPerImage) => (this.options, this.detectionsPerImage) = (options, detectionsPerImage);

    /// <summary>The detections of each image. All images are done at once, and come to the host in one transfer.</summary>
    /// <param name="candidates">Of all images; boxes are cut to their image here.</param>
    /// <param name="images">The images.</param>
    public Detections[] Keep(Candidates candidates, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        var (boxes, scores, labels, image) = candidates;
        boxes = BoxMath.Clip(boxes, BoxMath.Limits(images.Sizes, boxes.device).index_select(0, image));         // [K, 4]
        Tensor order = options.Kind == SuppressionKind.Hard ? Survivors(boxes, scores, labels, image) : scores.sort(0, true, true).Indices;
        Tensor table = cat([image.unsqueeze(1).to(float32), labels.unsqueeze(1).to(float32), scores.unsqueeze(1), boxes], 1);
        Detections[] found = ToDetections(table.index_select(0, order).cpu(), images);
        if (options.Kind == SuppressionKind.Hard) return found;
        return [.. found.Select(detections => First(SoftNms.Apply(detections, options)))];
    }

    private Tensor Survivors(Tensor boxes, Tensor scores, Tensor labels, Tensor image)
    {
        if (boxes.shape[0] == 0) return zeros(0, int64, boxes.device);
        Tensor groups = options.ClassAgnostic ? image : image * (labels.max() + 1) + labels;
        return Nms.KeepPerClass(boxes, scores, groups, options.IouThreshold);
    }

    /// <summary>Reads rows of image, label, score and box, the surest first.</summary>
    private Detections[] ToDetections(Tensor table, ImageBatch images)
    {
        int limit = options.Kind == SuppressionKind.Hard ? detectionsPerImage : int.MaxValue;
        float[] values = table.data<float>().ToArray();
        var boxes = new List<Box>[images.Sizes.Length];
        var labels = new List<int>[boxes.Length];
        var scores = new List<float>[boxes.Length];
        for (int i = 0; i < boxes.Length; i++) (boxes[i], labels[i], scores[i]) = ([], [], []);

        foreach (float[] row in values.Chunk((int)table.shape[1]))
        {
            int i = (int)row[0];
            if (boxes[i].Count == limit) continue;
            float scaleX = (float)images.OriginalSizes[i].Width / images.Sizes[i].Width;
            float scaleY = (float)images.OriginalSizes[i].Height / images.Sizes[i].Height;
            labels[i].Add((int)row[1]);
            scores[i].Add(row[2]);
            boxes[i].Add(new(row[3] * scaleX, row[4] * scaleY, row[5] * scaleX, row[6] * scaleY));
        }
        return [.. boxes.Select((found, i) => new Detections { Boxes = [.. found], Labels = [.. labels[i]], Scores = [.. scores[i]] })];
    }

    private Detections First(Detections found) => found.Count <= detectionsPerImage ? found
        : new() { Boxes = found.Boxes[..detectionsPerImage], Labels = found.Labels[..detectionsPerImage], Scores = found.Scores[..detectionsPerImage] };
}
