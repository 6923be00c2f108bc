using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Converts the queries' outputs to detections. No suppression is needed: each query predicts a different object.</summary>
internal static class DetrPostprocess
{
    /// <summary>The detections of each image, one for each query, copied to the host in one transfer.</summary>
    /// <param name="logits">[N, Q, classes + 1]; output 0 is unused, and the last is "no object".</param>
    /// <param name="boxes">[N, Q, 4], center, width and height as fractions of the image.</param>
    /// <param name="sizes">The sizes of the original images.</param>
    public static Detections[] ToDetections(Tensor logits, Tensor boxes, IReadOnlyList<ImageSize> sizes)
    {
        using var scope = NewDisposeScope();
        long classes = logits.shape[2] - 2;                                                         // 1..C
        (Tensor score, Tensor label) = logits.softmax(-1).narrow(2, 1, classes).max(2);             // [N, Q]
        Tensor limits = BoxMath.Limits(sizes, boxes.device).unsqueeze(1);                           // [N, 1, 4]
        Tensor corners = BoxMath.Clip(DetrBoxes.ToCorners(boxes) * limits, limits);
        Tensor order = score.argsort(1, true);
        Tensor table = cat([(label + 1).to(ScalarType.Float32).unsqueeze(2), score.unsqueeze(2), corners], 2);
        table = table.gather(1, order.unsqueeze(2).expand(-1, -1, 6)).cpu();                        // [N, Q, 6]
        float[][] rows = [.. table.ToHost<float>().Chunk(6)];
        return [.. rows.Chunk(rows.Length / sizes.Count).Select(found => new Detections
        {
            Boxes = [.. found.Select(row => new Box(row[2], row[3], row[4], row[5]))],
            Labels = [.. found.Select(row => (int)row[0])],
            Scores = [.. found.Select(row => row[1])],
        })];
    }
}
