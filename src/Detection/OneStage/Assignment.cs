using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The training targets of each location of a batch, given the matched objects.</summary>
/// <param name="Labels">int64 [N, A]: 1..C, or 0 for background.</param>
/// <param name="Images">int64 [P]: the image of each of the P positives.</param>
/// <param name="Places">int64 [P]: the anchor or point of each positive.</param>
/// <param name="Boxes">[P, 4]: the matched object's box of each positive.</param>
/// <param name="Counts">int64 [N]: the number of positives of each image.</param>
internal sealed record Assignment(Tensor Labels, Tensor Images, Tensor Places, Tensor Boxes, Tensor Counts)
{
    /// <summary>Looks up the matched objects of all images at once.</summary>
    /// <param name="matches">int64 [N, A]: a row of the image's objects, or below 0.</param>
    /// <param name="truth">The objects of each image.</param>
    public static Assignment From(Tensor matches, IReadOnlyList<GroundTruth> truth)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var offsets = new long[truth.Count];
        for (int i = 1; i < offsets.Length; i++) offsets[i] = offsets[i - 1] + truth[i - 1].Labels.shape[0];
        Tensor positive = matches.ge(0);                                                                        // [N, A]
        // Row 0, all zeros, stands for no match; the objects of all images follow it.
        Tensor rows = (matches + tensor(offsets, device: matches.device).unsqueeze(1) + 1) * positive;          // [N, A]
        Tensor labels = cat([zeros(1, int64, matches.device), .. truth.Select(objects => objects.Labels)]);
        Tensor boxes = cat([zeros(1, 4, device: matches.device), .. truth.Select(objects => objects.Boxes)]);
        Tensor places = positive.nonzero();                                                                     // [P, 2]
        return new(
            labels.index_select(0, rows.flatten()).view_as(rows).MoveToOuterDisposeScope(),
            places.select(1, 0).MoveToOuterDisposeScope(),
            places.select(1, 1).MoveToOuterDisposeScope(),
            boxes.index_select(0, rows.masked_select(positive)).MoveToOuterDisposeScope(),
            positive.sum(1).MoveToOuterDisposeScope());
    }

    /// <summary>1 at each positive's class, else 0: float32 [N, A, classes], including a background column.</summary>
    public Tensor OneHot(long classes)
    {
        using var scope = NewDisposeScope();
        Tensor target = zeros([Labels.shape[0], Labels.shape[1], classes], float32, Labels.device);
        return target.scatter_(2, Labels.unsqueeze(2), Labels.gt(0).to(float32).unsqueeze(2)).MoveToOuterDisposeScope();
    }
}
