using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// The Lovász extension of one minus IoU, mean over the classes that are there (Berman et al. 2017, arXiv:1705.08790): it falls as the measured IoU rises, so classes of few pixels
/// count as much as a road. Best after, or beside, cross-entropy.
/// </summary>
public sealed class LovaszSoftmax : SegmentationLoss
{
    /// <inheritdoc/>
    private protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        (Tensor probabilities, Tensor truth) = ByClass(logits, labels);
        if (probabilities.shape[1] == 0) return probabilities.sum();
        (Tensor errors, Tensor order) = (truth - probabilities).abs().sort(1, true);                            // [C, P], largest first
        Tensor slope;
        using (no_grad())
        {
            // What the Jaccard loss grows by where one more of the sorted errors is made.
            Tensor sorted = truth.gather(1, order);
            Tensor all = truth.sum(1, true);                                                                    // [C, 1]
            Tensor intersection = all - sorted.cumsum(1), union = all + (1 - sorted).cumsum(1);
            Tensor jaccard = 1 - intersection / union;
            slope = cat([jaccard.narrow(1, 0, 1), jaccard.narrow(1, 1, jaccard.shape[1] - 1) - jaccard.narrow(1, 0, jaccard.shape[1] - 1)], 1);
        }
        return OverPresent((errors * slope).sum(1), truth);
    }
}
