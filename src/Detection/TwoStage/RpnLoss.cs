using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of a region proposal network (Ren et al. 2015, arXiv:1506.01497) on a sample of the anchors.</summary>
internal sealed class RpnLoss
{
    private readonly Matcher matcher;
    private readonly BalancedSampler sampler;

    /// <summary>The losses with the given options.</summary>
    public RpnLoss(RpnOptions options)
    {
        matcher = new Matcher(options.PositiveIou, options.NegativeIou, keepBest: true);
        sampler = new BalancedSampler(options.SamplesPerImage, options.PositiveFraction);
    }

    /// <summary>The two losses, each a scalar over the whole batch.</summary>
    /// <param name="output">The output of the network.</param>
    /// <param name="truth">The objects of each image.</param>
    /// <returns>Binary cross-entropy of the sampled objectness; smooth L1 of the sampled
    /// positives' deltas, divided by the number of samples.</returns>
    public (Tensor Objectness, Tensor Box) Of(RpnOutput output, IReadOnlyList<GroundTruth> truth)
    {
        using var scope = NewDisposeScope();
        Tensor anchors = output.Anchors.Boxes;                                          // [A, 4]
        var positives = new Tensor[truth.Count];                                        // rows of the N·A anchors of the batch
        var negatives = new Tensor[truth.Count];
        var targets = new Tensor[truth.Count];                                          // deltas of the positives, [Pᵢ, 4]
        for (int i = 0; i < truth.Count; i++)
        {
            Tensor matches = matcher.Match(truth[i].Boxes, anchors);                    // [A]
            (Tensor positive, Tensor negative) = sampler.Draw(matches);
            Tensor matched = truth[i].Boxes.index_select(0, matches.index_select(0, positive));
            targets[i] = BoxCoder.ForProposals.Encode(matched, anchors.index_select(0, positive));
            positives[i] = positive + i * anchors.shape[0];
            negatives[i] = negative + i * anchors.shape[0];
        }
        Tensor positiveRows = cat(positives), sampledRows = cat([positiveRows, cat(negatives)]);
        Tensor labels = zeros_like(sampledRows, float32);                               // 1 for an object, 0 for background
        labels.narrow(0, 0, positiveRows.shape[0]).fill_(1);

        Tensor sampledDeltas = output.Deltas.reshape(-1, 4).index_select(0, positiveRows);
        Tensor box = smooth_l1_loss(sampledDeltas, cat(targets), nn.Reduction.Sum, BoxCoder.SmoothL1Beta) / sampledRows.shape[0];
        Tensor objectness = binary_cross_entropy_with_logits(output.Objectness.reshape(-1).index_select(0, sampledRows), labels);
        return (objectness.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }
}
