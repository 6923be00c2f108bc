using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>
/// The Lovász extension of one minus IoU, mean over the present classes (Berman et al. 2017, arXiv:1705.08790): a surrogate of the
/// measured IoU, so classes of few pixels count as much as a road. Best after, or combined with, cross-entropy.
/// </summary>
public sealed class LovaszSoftmax : SegmentationLoss
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        (Tensor probabilities, Tensor truth) = ByClass(logits, labels);
        Tensor errors = (truth - probabilities).abs();                                                          // [C, P]
        Tensor slope;
        using (no_grad())
        {
            // The increase of the Jaccard loss with each further error, from the largest to the smallest.
            Tensor order = RowSort.Descending(errors);
            Tensor all = truth.sum(1, true);                                                                    // [C, 1]
            Tensor missed = truth.gather(1, order).cumsum(1), made = arange(1, errors.shape[1] + 1, float32, errors.device);
            Tensor jaccard = 1 - (all - missed) / (all + made - missed);
            Tensor before = cat([zeros_like(all), jaccard.narrow(1, 0, jaccard.shape[1] - 1)], 1);
            slope = zeros_like(errors).scatter_(1, order, jaccard - before);
        }
        return OverPresent((errors * slope).sum(1), truth);
    }
}
