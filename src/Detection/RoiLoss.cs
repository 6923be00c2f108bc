using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of the second stage (Girshick 2015, arXiv:1504.08083).</summary>
public static class RoiLoss
{
    /// <summary>The two losses, each a scalar over the whole batch.</summary>
    /// <param name="logits">[R, classes].</param>
    /// <param name="deltas">[R, classes, 4].</param>
    /// <param name="samples">What should have been said of the R regions.</param>
    /// <returns>Cross-entropy of the classes; smooth L1 of the deltas of the right class of the positives, over the number of regions.</returns>
    public static (Tensor Classifier, Tensor Box) Of(Tensor logits, Tensor deltas, RoiSamples samples)
    {
        using var scope = NewDisposeScope();
        Tensor classifier = cross_entropy(logits, samples.Labels);

        Tensor positives = samples.Labels.gt(0).nonzero().squeeze(1);                           // [P]
        Tensor positiveLabels = samples.Labels.index_select(0, positives);
        Tensor regions = cat(samples.Regions).index_select(0, positives);
        Tensor targets = BoxCoder.ForDetections.Encode(samples.MatchedBoxes.index_select(0, positives), regions);
        Tensor predicted = deltas.index(positives, positiveLabels);                             // [P, 4]
        Tensor box = smooth_l1_loss(predicted, targets, nn.Reduction.Sum, BoxCoder.SmoothL1Beta) / samples.Labels.shape[0];
        return (classifier.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope());
    }
}
