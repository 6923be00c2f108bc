using Vision.Backbones;
using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// A detector that predicts on several views of each image, at other scales and flipped, and fuses the detections
/// (<see cref="WeightedBoxesFusion"/>): slower and somewhat better. Its losses are the inner detector's, without augmentation.
/// </summary>
public sealed class TestTimeAugmentation : Detector
{
    private readonly Detector detector;
    private readonly double[] scales;
    private readonly bool flips;
    private readonly WeightedBoxesFusion fusion;

    /// <summary>Wraps a detector.</summary>
    /// <param name="detector">Ownership passes to this object. Scales other than 1 require <see cref="Detector.PredictAt"/>.</param>
    /// <param name="scales">Factors on the size that the detector resizes images to; null for 1 alone.</param>
    /// <param name="flips">Whether each scale is also predicted flipped horizontally: yes, unless left and right differ in meaning.</param>
    /// <param name="fusion">How the views are fused; null for the default.</param>
    public TestTimeAugmentation(Detector detector, IReadOnlyList<double>? scales = null, bool flips = true,
        WeightedBoxesFusion? fusion = null) : base(nameof(TestTimeAugmentation))
    {
        this.detector = detector;
        this.scales = [.. scales ?? [1]];
        this.flips = flips;
        this.fusion = fusion ?? new WeightedBoxesFusion();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Backbone Backbone => detector.Backbone;

    /// <inheritdoc/>
    public override Tensor[] Objectness(Tensor[] images) => detector.Objectness(images);

    /// <inheritdoc/>
    public override Losses ComputeLosses(DetectionBatch batch) => detector.ComputeLosses(batch);

    /// <inheritdoc/>
    public override Detections[] forward(Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        List<Detections>[] views = [.. images.Select(_ => new List<Detections>())];
        Tensor[] mirrored = flips ? [.. images.Select(image => image.flip(2))] : [];
        foreach (double scale in scales)
        {
            Add(detector.PredictAt(scale, images), (_, found) => found);
            if (flips) Add(detector.PredictAt(scale, mirrored), (i, found) => Mirror(found, images[i].shape[2]));
        }
        return [.. views.Select(fusion.Fuse)];

        void Add(Detections[] found, Func<int, Detections, Detections> back)
        {
            for (int i = 0; i < found.Length; i++) views[i].Add(back(i, found[i]));
        }
    }

    private static Detections Mirror(Detections found, long width) => new()
    {
        Boxes = [.. found.Boxes.Select(box => new Box(width - box.X2, box.Y1, width - box.X1, box.Y2))],
        Labels = found.Labels,
        Scores = found.Scores,
    };
}
