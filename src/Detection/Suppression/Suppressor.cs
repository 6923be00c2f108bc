using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Turns candidates into detections: clips them to their images, suppresses
/// duplicates, and keeps the highest scores.</summary>
internal sealed class Suppressor
{
    private readonly SuppressionOptions options;

    /// <summary>A suppressor with the given parameters.</summary>
    /// <param name="options">How duplicate detections are suppressed.</param>
    /// <param name="detectionsPerImage">The maximum number of detections per image.</param>
    /// <param name="minSide">Boxes with a shorter side than this, in pixels of the image as fed to the network, are dropped first.</param>
    public Suppressor(SuppressionOptions options, int detectionsPerImage, double minSide = 0) =>
        (this.options, DetectionsPerImage, MinSide) = (options, detectionsPerImage, minSide);

    /// <summary>How duplicate detections are suppressed.</summary>
    public SuppressionOptions Options => options;

    /// <summary>The maximum number of detections per image.</summary>
    public int DetectionsPerImage { get; }

    /// <summary>The minimum side of a box, in pixels of the image as fed to the network; 0 for none.</summary>
    public double MinSide { get; }

    /// <summary>The detections of each image. All images are processed at once, on the candidates' device unless soft.</summary>
    /// <param name="candidates">The candidates of all images.</param>
    /// <param name="images">The images.</param>
    public DetectedRegions Keep(Candidates candidates, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        var (boxes, scores, labels, image) = candidates;
        boxes = BoxMath.Clip(boxes, BoxMath.Limits(images.Sizes, boxes.device).index_select(0, image));         // [K, 4]
        if (MinSide > 0)
        {
            Tensor valid = BoxMath.AtLeast(boxes, MinSide).nonzero().squeeze(1);
            (boxes, scores) = (boxes.index_select(0, valid), scores.index_select(0, valid));
            (labels, image) = (labels.index_select(0, valid), image.index_select(0, valid));
        }
        bool isHard = options.Kind == SuppressionKind.Hard;
        Tensor order = isHard ? Survivors(boxes, scores, labels, image) : arange(boxes.shape[0], int64, boxes.device);

        int count = images.Sizes.Length;
        var (keptBoxes, keptLabels, keptScores) = (new Tensor[count], new Tensor[count], new Tensor[count]);
        for (int i = 0; i < count; i++)
        {
            Tensor own = order.index_select(0, image.index_select(0, order).eq(i).nonzero().squeeze(1));
            if (isHard) own = own.narrow(0, 0, Math.Min(own.shape[0], DetectionsPerImage));
            var kept = (Boxes: boxes.index_select(0, own), Labels: labels.index_select(0, own), Scores: scores.index_select(0, own));
            if (!isHard) kept = Softened(kept.Boxes, kept.Labels, kept.Scores);
            (keptBoxes[i], keptLabels[i], keptScores[i]) =
                (kept.Boxes.MoveToOuterDisposeScope(), kept.Labels.MoveToOuterDisposeScope(), kept.Scores.MoveToOuterDisposeScope());
        }
        return new(keptBoxes, keptLabels, keptScores);
    }

    private Tensor Survivors(Tensor boxes, Tensor scores, Tensor labels, Tensor image)
    {
        if (boxes.shape[0] == 0) return zeros(0, int64, boxes.device);
        Tensor groups = options.ClassAgnostic ? image : image * (labels.max() + 1) + labels;
        return Nms.KeepPerClass(boxes, scores, groups, options.IouThreshold);
    }

    private (Tensor Boxes, Tensor Labels, Tensor Scores) Softened(Tensor boxes, Tensor labels, Tensor scores)
    {
        Detections kept = SoftNms.Apply(new DetectedRegions([boxes], [labels], [scores]).ToHost()[0], options).First(DetectionsPerImage);
        Device device = boxes.device;
        Tensor rows = tensor(kept.Boxes.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 }).ToArray()).reshape(kept.Count, 4);
        return (rows.to(device), tensor(kept.Labels.Select(label => (long)label).ToArray()).to(device), tensor(kept.Scores).to(device));
    }
}
