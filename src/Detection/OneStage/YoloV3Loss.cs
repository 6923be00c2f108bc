using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>The losses of YOLOv3 (Redmon &amp; Farhadi 2018, arXiv:1804.02767, sections 2.1 and
/// 2.2), each divided by the number of objects of the batch.</summary>
/// <remarks>
/// Each object is assigned to one prior of one cell: the cell of its center, the prior whose shape overlaps it most. Other predictions
/// that overlap an object by more than 0.5 are ignored; the rest are negatives. Small boxes have more weight, 2 − area / image, as in
/// the authors' code; the paper's sums are divided by the number of objects, so that usual learning rates work.
/// </remarks>
internal static class YoloV3Loss
{
    private const double IgnoredIou = 0.5;

    /// <summary>The three losses, each a scalar: squared error of the encoded boxes, and
    /// cross-entropy of objectness and of classes.</summary>
    /// <param name="logits">[N, A, C].</param>
    /// <param name="coded">[N, A, 4].</param>
    /// <param name="objectness">Logits, [N, A].</param>
    /// <param name="rows">[A, 5], from <see cref="YoloPriors.Rows"/>.</param>
    /// <param name="perLevel">Number of cells of each level; levels are square.</param>
    /// <param name="priors">[9, 2].</param>
    /// <param name="truth">The objects of each image.</param>
    /// <param name="side">Side of the image.</param>
    public static (Tensor Box, Tensor Objectness, Tensor Classification) Of(
        Tensor logits, Tensor coded, Tensor objectness, Tensor rows, long[] perLevel, Tensor priors,
        IReadOnlyList<GroundTruth> truth, int side)
    {
        using var scope = NewDisposeScope();
        Device device = rows.device;
        Tensor image = cat([.. truth.Select((objects, i) => full(objects.Labels.shape[0], i, int64, device))]);  // [M], over all images
        Tensor boxes = cat([.. truth.Select(objects => objects.Boxes)]), labels = cat([.. truth.Select(objects => objects.Labels)]);
        long count = Math.Max(1, labels.shape[0]);
        Tensor row = Responsible(boxes, priors, perLevel, side);                                                        // [M]

        Tensor[] at = rows.index_select(0, row).unbind(1), b = boxes.unbind(1);
        Tensor width = b[2] - b[0], height = b[3] - b[1];
        // [M, 4]
        Tensor target = stack([
            ((b[0] + b[2]) / 2 - at[0]) / at[2], ((b[1] + b[3]) / 2 - at[1]) / at[2], (width / at[3]).log(), (height / at[4]).log()], 1);
        Tensor predicted = coded.index(image, row);
        predicted = cat([predicted.narrow(1, 0, 2).sigmoid(), predicted.narrow(1, 2, 2)], 1);
        Tensor weight = 2 - width * height / ((double)side * side);
        Tensor box = ((predicted - target).square().sum(1) * weight).sum() / count;

        Tensor classification = binary_cross_entropy_with_logits(
            logits.index(image, row), one_hot(labels - 1, logits.shape[2]).to(logits.dtype), null, nn.Reduction.Sum) / count;

        Tensor responsible = zeros_like(objectness).detach();                                                           // [N, A]
        responsible.index_put_(ones_like(row, objectness.dtype), image, row);
        Tensor trained = responsible.maximum(stack(truth.Select((objects, i) => Free(objects.Boxes, coded[i], rows))));
        Tensor objects = (binary_cross_entropy_with_logits(objectness, responsible, null, nn.Reduction.None) * trained).sum() / count;
        return (box.MoveToOuterDisposeScope(), objects.MoveToOuterDisposeScope(), classification.MoveToOuterDisposeScope());
    }

    /// <summary>The row of the cell and prior that each object is assigned to, int64 [M].</summary>
    private static Tensor Responsible(Tensor boxes, Tensor priors, long[] perLevel, int side)
    {
        using var noGradient = no_grad();
        Tensor[] b = boxes.unbind(1), p = priors.unbind(1);
        Tensor width = b[2] - b[0], height = b[3] - b[1];
        Tensor shared = width.unsqueeze(1).minimum(p[0]) * height.unsqueeze(1).minimum(p[1]);       // [M, 9], upper left corners aligned
        Tensor best = (shared / ((width * height).unsqueeze(1) + p[0] * p[1] - shared)).argmax(1);  // [M]
        Tensor level = best.floor_divide(YoloPriors.PerCell), prior = best.remainder(YoloPriors.PerCell);

        long[] columns = [.. perLevel.Select(cells => (long)Math.Round(Math.Sqrt(cells)))];
        long[] starts = [.. perLevel.Select((_, i) => perLevel[..i].Sum())];
        Tensor perRow = tensor(columns, device: boxes.device).index_select(0, level);                                   // [M]
        Tensor column = Cell((b[0] + b[2]) / 2, perRow, side), line = Cell((b[1] + b[3]) / 2, perRow, side);
        return (tensor(starts, device: boxes.device).index_select(0, level) + line * perRow + column) * YoloPriors.PerCell + prior;
    }

    private static Tensor Cell(Tensor center, Tensor perRow, int side) =>
        (center * perRow / side).floor().to(int64).clamp_min(0).minimum(perRow - 1);

    /// <summary>1 for predictions that overlap all objects little enough to be negatives, else 0: [A].</summary>
    private static Tensor Free(Tensor objects, Tensor coded, Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (objects.shape[0] == 0) return ones(rows.shape[0], device: rows.device).MoveToOuterDisposeScope();
        Tensor best = BoxMath.Iou(objects, YoloPriors.Decode(coded.detach(), rows)).amax(0);                            // [A]
        return best.le(IgnoredIou).to(float32).MoveToOuterDisposeScope();
    }
}
