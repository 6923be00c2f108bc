using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Samples the regions that the second stage is trained on, from the proposals and the ground-truth boxes.</summary>
internal sealed class RoiSampler
{
    private readonly Matcher matcher;
    private readonly Func<Tensor, Tensor, Tensor, (Tensor Positives, Tensor Negatives)> sample;

    /// <summary>A sampler with the given options.</summary>
    public RoiSampler(RoiOptions options)
    {
        matcher = new Matcher(options.PositiveIou, options.NegativeIou, keepBest: false);
        BalancedSampler atRandom = new(options.SamplesPerImage, options.PositiveFraction);
        IouBalancedSampler overOverlaps = new(options.SamplesPerImage, options.PositiveFraction);
        sample = options.BalanceIou
            ? (matches, objects, candidates) => overOverlaps.Draw(matches, BestOverlaps(objects, candidates))
            : (matches, _, _) => atRandom.Draw(matches);
    }

    /// <summary>Samples each image's proposals and ground-truth boxes.</summary>
    /// <param name="proposals">The proposals of each image, [Rᵢ, 4] xyxy.</param>
    /// <param name="truth">The objects of each image.</param>
    public RoiSamples Draw(IReadOnlyList<Tensor> proposals, IReadOnlyList<GroundTruth> truth) => Assign(truth, i =>
    {
        // The ground-truth boxes are candidates too: otherwise there would be no positives while the proposals are still poor.
        Tensor candidates = cat([proposals[i], truth[i].Boxes]);                            // [K, 4]
        Tensor matches = matcher.Match(truth[i].Boxes, candidates);                         // [K]
        (Tensor positives, Tensor negatives) = sample(matches, truth[i].Boxes, candidates);
        Tensor rows = cat([positives, negatives]).sort().Values;
        return (candidates.index_select(0, rows), matches.index_select(0, rows));
    });

    /// <summary>All given regions with their targets, matched by another matcher.</summary>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
    /// <param name="truth">The objects of each image.</param>
    /// <param name="matcher">A matcher that ignores no regions.</param>
    public static RoiSamples Label(IReadOnlyList<Tensor> regions, IReadOnlyList<GroundTruth> truth, Matcher matcher) =>
        Assign(truth, i => (regions[i].alias(), matcher.Match(truth[i].Boxes, regions[i])));

    private static Tensor BestOverlaps(Tensor objects, Tensor candidates) =>
        objects.shape[0] == 0 ? zeros(candidates.shape[0], device: candidates.device) : BoxMath.Iou(objects, candidates).amax([0]);

    private static RoiSamples Assign(IReadOnlyList<GroundTruth> truth, Func<int, (Tensor Regions, Tensor Matches)> choose)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var regions = new Tensor[truth.Count];
        var labels = new Tensor[truth.Count];
        var matchedBoxes = new Tensor[truth.Count];
        var matches = new Tensor[truth.Count];
        for (int i = 0; i < truth.Count; i++)
        {
            (regions[i], matches[i]) = choose(i);
            regions[i].MoveToOuterDisposeScope();
            // Row 0, all zeros, stands for background (match −1); the objects follow it.
            Tensor matched = matches[i] - Matcher.Background;
            labels[i] = cat([zeros(1, int64, matched.device), truth[i].Labels]).index_select(0, matched);
            matchedBoxes[i] = cat([zeros(1, 4, device: matched.device), truth[i].Boxes]).index_select(0, matched);
        }
        return new(regions, cat(labels).MoveToOuterDisposeScope(), cat(matchedBoxes).MoveToOuterDisposeScope(),
            cat(matches).MoveToOuterDisposeScope());
    }
}
