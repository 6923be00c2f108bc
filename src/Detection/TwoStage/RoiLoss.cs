using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of the second stage (Girshick 2015, arXiv:1504.08083).</summary>
public static class RoiLoss
{
    /// <summary>The two losses, each a scalar over the whole batch.</summary>
    /// <param name="logits">[R, classes].</param>
    /// <param name="deltas">[R, classes, 4], or [R, 1, 4] where they are for all classes.</param>
    /// <param name="samples">What should have been said of the R regions.</param>
    /// <param name="coder">What the deltas mean; null for <see cref="BoxCoder.ForDetections"/>.</param>
    /// <param name="beta">Where smooth L1 turns from quadratic to linear; 0 makes it L1.</param>
    /// <returns>Cross-entropy of the classes; smooth L1 of the deltas of the right class of
    /// the positives, over the number of regions.</returns>
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
