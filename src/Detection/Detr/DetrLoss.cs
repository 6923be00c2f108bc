using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The losses of a <see cref="Detr"/> (arXiv:2005.12872, section 3.1), for every layer of the decoder at once.</summary>
internal sealed class DetrLoss
{
    private readonly DetrOptions options;
    private readonly DetrMatcher matcher;

    /// <summary>The losses with the options' weights.</summary>
    public DetrLoss(DetrOptions options) => (this.options, matcher) = (options, new DetrMatcher(options));

    /// <summary>
    /// <c>loss_ce</c>, <c>loss_bbox</c> and <c>loss_giou</c> of the last layer, then <c>loss_ce_0</c> and so on of
    /// the earlier layers. They are already weighted: train on their sum.
    /// </summary>
    /// <param name="logits">[layers, N, Q, classes + 1]; the last class is "no object".</param>
    /// <param name="boxes">[layers, N, Q, 4], center, width and height as fractions of the image.</param>
    /// <param name="targets">The N images' objects.</param>
    public Losses Of(Tensor logits, Tensor boxes, DetrTargets targets)
    {
        using var scope = NewDisposeScope();
        long layers = logits.shape[0];
        Device device = logits.device;
        DetrMatches matches = matcher.Match(logits, boxes, targets);
        Tensor queries = tensor(matches.Queries, device: device), objects = tensor(matches.Objects, device: device);    // [layers·M]

        Tensor[] classes = ClassLosses(logits, queries, targets.Labels.reshape(-1).index_select(0, objects)).unbind(0);
        Tensor found = boxes.reshape(-1, 4).index_select(0, queries), wanted = targets.Boxes.reshape(-1, 4).index_select(0, objects);
        double count = Math.Max(1, targets.Counts.Sum());
        Tensor[] distances = PerLayer((found - wanted).abs().sum(-1), options.BoxWeight);
        Tensor[] overlaps = PerLayer(1 - DetrBoxes.Giou(DetrBoxes.ToCorners(found), DetrBoxes.ToCorners(wanted)), options.GiouWeight);

        Losses losses = [];
        AddLayer((int)layers - 1, "");
        for (int layer = 0; layer < layers - 1; layer++) AddLayer(layer, $"_{layer}");
        return losses;

        Tensor[] PerLayer(Tensor ofPairs, double weight) =>
            (ofPairs.reshape(layers, matches.Queries.Length / layers).sum(1) * (weight / count)).unbind(0);

        void AddLayer(int layer, string suffix)
        {
            losses.Add("loss_ce" + suffix, classes[layer].MoveToOuterDisposeScope());
            losses.Add("loss_bbox" + suffix, distances[layer].MoveToOuterDisposeScope());
            losses.Add("loss_giou" + suffix, overlaps[layer].MoveToOuterDisposeScope());
        }
    }

    /// <summary>The weighted mean cross-entropy of each layer: [layers]. The target of unmatched queries is "no object".</summary>
    private Tensor ClassLosses(Tensor logits, Tensor queries, Tensor labels)
    {
        using var scope = NewDisposeScope();
        long layers = logits.shape[0], noObject = logits.shape[^1] - 1;
        Tensor wanted = full(logits.numel() / (noObject + 1), noObject, ScalarType.Int64, logits.device);
        wanted.index_copy_(0, queries, labels);
        Tensor surprise = -logits.reshape(-1, noObject + 1).log_softmax(-1).gather(1, wanted.unsqueeze(1)).squeeze(1);  // [layers·N·Q]
        Tensor weights = wanted.eq(noObject).to(logits.dtype) * (options.NoObjectWeight - 1) + 1;
        return ((surprise * weights).reshape(layers, -1).sum(1) / weights.reshape(layers, -1).sum(1)).MoveToOuterDisposeScope();
    }
}
