using TorchSharp;
using Vision.Ops.Suppression;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Greedy non-maximum suppression: of boxes whose intersection over union is above a threshold, the one with the highest score
/// stays. Equal to <c>torchvision.ops.nms</c>; of equal scores, the first wins.
/// </summary>
public static class Nms
{
#if SYSTEM_PROVIDER
    private static readonly Op op = new("vision::nms");
    private static readonly Op perClassOp = new("vision::batched_nms");
#endif

    /// <summary>The boxes that stay, whatever their class.</summary>
    /// <param name="boxes">[N, 4] xyxy, floating point.</param>
    /// <param name="scores">[N].</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A shape is wrong.</exception>
    public static Tensor Keep(Tensor boxes, Tensor scores, double iouThreshold) =>
#if SYSTEM_PROVIDER
        op.Call(boxes, scores, iouThreshold);
#else
        NmsPortable.Keep(boxes, scores, null, iouThreshold);
#endif

    /// <summary>
    /// The boxes that stay when only boxes of the same class compete: those of torchvision's <c>batched_nms</c>, in its order.
    /// </summary>
    /// <param name="boxes">[N, 4] xyxy, floating point.</param>
    /// <param name="scores">[N].</param>
    /// <param name="classes">int64 [N]: labels, pyramid levels, or whatever separates the boxes.</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    /// <exception cref="ArgumentException">There is not one int64 class for each box.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Another shape is wrong.</exception>
    public static Tensor KeepPerClass(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold)
    {
        if (classes.dtype != ScalarType.Int64 || !classes.shape.SequenceEqual(scores.shape))
            throw new ArgumentException($"The classes are {classes.dtype} [{string.Join(", ", classes.shape)}]; expected one int64 class for each of the {scores.shape[0]} scores.", nameof(classes));

        // torchvision has two ways, which differ in rounding and in the order of equal scores. Who wants its boxes must go the same.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long shifted = boxes.device_type == DeviceType.CUDA ? 20000 : 4000;
        Tensor kept;
        if (boxes.numel() == 0 || boxes.numel() > shifted)
        {
            Tensor ascending = SeparateClasses(boxes, scores, classes, iouThreshold).sort().Values;
            kept = ascending.index_select(0, scores.index_select(0, ascending).sort(0, true).Indices);
        }
        else
        {
            Tensor offsets = classes.to(boxes.dtype) * (boxes.max() + 1);                        // [N]: no class reaches into another's place
            kept = Keep(boxes + offsets.unsqueeze(1), scores, iouThreshold);
        }
        return kept.MoveToOuterDisposeScope();
    }

    private static Tensor SeparateClasses(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold) =>
#if SYSTEM_PROVIDER
        perClassOp.Call(boxes, scores, classes, iouThreshold);
#else
        NmsPortable.Keep(boxes, scores, classes, iouThreshold);
#endif
}
