using Vision.Data;

namespace Vision.Detection;

/// <summary>
/// Fuses the detections of several models, or of one model on several views of an image, into one list
/// (Solovyev et al. 2019, arXiv:1910.13302): boxes of one object are averaged, weighted by their scores, and objects
/// that few views detected lose score. Unlike suppression, it uses every box.
/// </summary>
public sealed class WeightedBoxesFusion
{
    private readonly double iouThreshold;
    private readonly int detectionsPerImage;

    /// <summary>A fusion with the given parameters.</summary>
    /// <param name="iouThreshold">The IoU above which boxes of one class are the same object: 0.55, the paper's best.</param>
    /// <param name="detectionsPerImage">The maximum number of detections: 100, as COCO counts.</param>
    public WeightedBoxesFusion(double iouThreshold = 0.55, int detectionsPerImage = 100) =>
        (this.iouThreshold, this.detectionsPerImage) = (iouThreshold, detectionsPerImage);

    /// <summary>The fused detections of one image, highest score first; boxes only, without masks and keypoints.</summary>
    /// <param name="views">The detections of each model or view, in pixels of the same image.</param>
    /// <exception cref="ArgumentException">There are no views.</exception>
    public Detections Fuse(IReadOnlyList<Detections> views)
    {
        if (views.Count == 0) throw new ArgumentException("Expected the detections of at least one view.", nameof(views));
        List<Cluster> clusters = [];
        var boxes = views.SelectMany(view =>
            Enumerable.Range(0, view.Count).Select(i => (Box: view.Boxes[i], Label: view.Labels[i], Score: view.Scores[i])));
        foreach (var (box, label, score) in boxes.Where(entry => entry.Score > 0).OrderByDescending(entry => entry.Score))
        {
            Cluster? nearest = null;
            double best = iouThreshold;
            foreach (Cluster cluster in clusters)
            {
                if (cluster.Label != label) continue;
                double iou = cluster.Box.Iou(box);
                if (iou > best) (nearest, best) = (cluster, iou);
            }
            if (nearest is null) clusters.Add(nearest = new Cluster(label));
            nearest.Add(box, score);
        }
        (Cluster Cluster, double Score)[] fused =
            [.. clusters.Select(cluster => (cluster, cluster.Score * Math.Min(cluster.Count, views.Count) / views.Count))
            .OrderByDescending(entry => entry.Item2).Take(detectionsPerImage)];
        return new()
        {
            Boxes = [.. fused.Select(entry => entry.Cluster.Box)],
            Labels = [.. fused.Select(entry => entry.Cluster.Label)],
            Scores = [.. fused.Select(entry => (float)entry.Score)],
        };
    }

    /// <summary>The boxes of one object so far.</summary>
    private sealed class Cluster(int label)
    {
        private double x1, y1, x2, y2, total;

        public int Label => label;

        public int Count { get; private set; }

        public double Score => total / Count;

        public Box Box => new((float)(x1 / total), (float)(y1 / total), (float)(x2 / total), (float)(y2 / total));

        public void Add(Box box, double score)
        {
            (x1, y1, x2, y2) = (x1 + score * box.X1, y1 + score * box.Y1, x2 + score * box.X2, y2 + score * box.Y2);
            total += score;
            Count++;
        }
    }
}
