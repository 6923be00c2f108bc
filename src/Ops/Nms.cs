#if SYSTEM_PROVIDER
using TorchSharp;
#endif
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
    /// The boxes that stay when only boxes of the same class compete (torchvision's <c>batched_nms</c>, without the rounding
    /// of its shifted coordinates).
    /// </summary>
    /// <param name="boxes">[N, 4] xyxy, floating point.</param>
    /// <param name="scores">[N].</param>
    /// <param name="classes">int64 [N]: labels, pyramid levels, or whatever separates the boxes.</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A shape or the dtype of the classes is wrong.</exception>
    public static Tensor KeepPerClass(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold) =>
#if SYSTEM_PROVIDER
        perClassOp.Call(boxes, scores, classes, iouThreshold);
#else
        NmsPortable.Keep(boxes, scores, classes, iouThreshold);
#endif
}
