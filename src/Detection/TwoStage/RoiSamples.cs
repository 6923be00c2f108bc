using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The regions that the second stage is trained on, and their targets.</summary>
/// <param name="Regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
/// <param name="Labels">int64 [R] over all images: 1..C, or 0 for background.</param>
/// <param name="MatchedBoxes">[R, 4]: the box of each region's matched object; meaningless for background.</param>
/// <param name="Matches">int64 [R]: the row of that object in its image; <see cref="Matcher.Background"/> for background.</param>
internal sealed record RoiSamples(Tensor[] Regions, Tensor Labels, Tensor MatchedBoxes, Tensor Matches)
{
    /// <summary>The regions that are matched with an object, in the same order, for training masks and keypoints.</summary>
    public PositiveRegions Positives()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var regions = new Tensor[Regions.Length];
        var matches = new Tensor[Regions.Length];
        long start = 0;
        for (int i = 0; i < regions.Length; i++)
        {
            long count = Regions[i].shape[0];
            Tensor matched = Matches.narrow(0, start, count);
            Tensor rows = matched.ge(0).nonzero().squeeze(1);
            regions[i] = Regions[i].index_select(0, rows).MoveToOuterDisposeScope();
            matches[i] = matched.index_select(0, rows).MoveToOuterDisposeScope();
            start += count;
        }
        Tensor labels = Labels.index_select(0, Labels.gt(0).nonzero().squeeze(1));
        return new(regions, matches, labels.MoveToOuterDisposeScope());
    }
}
