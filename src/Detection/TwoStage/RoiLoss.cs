using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of the second stage (Girshick 2015, arXiv:1504.08083).</summary>
internal static class RoiLoss
{
    /// <summary>The two losses, each a scalar over the whole batch.</summary>
    /// <param name="logits">[R, classes].</param>
    /// <param name="deltas">[R, classes, 4], or [R, 1, 4] if class-agnostic.</param>
    /// <param name="samples">The targets of the R regions.</param>
    /// <param name="coder">Encodes the target deltas; null for <see cref="BoxCoder.ForDetections"/>.</param>
    /// <param name="beta">Where smooth L1 changes from quadratic to linear; 0 makes it L1.</param>
    /// <returns>Cross-entropy of the classes; smooth L1 of the positives' deltas for the true
    /// class, divided by the number of regions.</returns>
    public static (Tensor Classifier, Tensor Box) Of(Tensor logits, Tensor deltas, RoiSamples samples, BoxCoder? coder = null,
        double beta = BoxCoder.SmoothL1Beta)
    {
        using var scope = NewDisposeScope();
        Tensor classifier = cross_entropy(logits, samples.Labels);

        Tensor positives = samples.Labels.gt(0).nonzero().squeeze(1);                           // [P]
        Tensor positiveLabels = samples.Labels.index_select(0, positives);
        Tensor regions = cat(samples.Regions).index_select(0, positives);
        Tensor targets = (coder ?? BoxCoder.ForDetections).Encode(samples.MatchedBoxes.index_select(0, positives), regions);
        Tensor column = deltas.shape[1] == 1 ? zeros_like(positiveLabels) : positiveLabels;
        Tensor predicted = deltas.index(positives, column);                                     // [P, 4]
        Tensor box = smooth_l1_loss(predicted, targets, nn.Reduction.Sum, beta) / samples.Labels.shape[0];
        return (classifier.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }
}
