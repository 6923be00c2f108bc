using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Segmentation;

/// <summary>
/// One minus a soft F-score of boundaries, mean over images and their present classes (Bokhovkin and Burnaev 2019, arXiv:1905.07852):
/// it sharpens contours. Combine it with another loss, since it ignores the interior of regions.
/// </summary>
public sealed class Boundary : SegmentationLoss
{
    private readonly int width;
    private readonly int tolerance;

    /// <summary>The loss; the defaults are the paper's.</summary>
    /// <param name="width">Side of the window that extracts boundaries, in pixels, odd.</param>
    /// <param name="tolerance">Side of the window within which boundaries match, in pixels, odd.</param>
    public Boundary(int width = 3, int tolerance = 5) => (this.width, this.tolerance) = (width, tolerance);

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(Boundary)}({width}, {tolerance})";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor logits, Tensor labels)
    {
        Tensor counted = Counted(labels).unsqueeze(1);                                                          // [N, 1, H, W]
        Tensor truth = one_hot(labels * counted.squeeze(1), logits.shape[1]).permute(0, 3, 1, 2).to(float32) * counted;
        Tensor predicted = logits.softmax(1) * counted;
        Tensor gtEdge = Edge(truth), predictedEdge = Edge(predicted);                                           // [N, C, H, W]
        Tensor precision = (predictedEdge * Widened(gtEdge)).flatten(2).sum(2) / predictedEdge.flatten(2).sum(2).clamp(min: 1e-7);
        Tensor recall = (Widened(predictedEdge) * gtEdge).flatten(2).sum(2) / gtEdge.flatten(2).sum(2).clamp(min: 1e-7);
        Tensor score = 2 * precision * recall / (precision + recall).clamp(min: 1e-7);                          // [N, C]
        return Mean(1 - score, gtEdge.flatten(2).sum(2).gt(0));
    }

    private Tensor Edge(Tensor x) => max_pool2d(1 - x, width, 1, width / 2) - (1 - x);

    private Tensor Widened(Tensor x) => max_pool2d(x, tolerance, 1, tolerance / 2);
}
