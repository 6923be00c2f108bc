using System.Runtime.InteropServices;
using TorchSharp;
using Vision.Ops.Cuda;
using Vision.Ops.Libtorch;
using Vision.Ops.Suppression;
using static TorchSharp.torch;

namespace Vision.Ops;

/// <summary>
/// Greedy non-maximum suppression: of boxes whose intersection over union exceeds a threshold, the one with the highest score
/// is kept. Equal to <c>torchvision.ops.nms</c>; among equal scores, the first wins.
/// </summary>
public static unsafe class Nms
{
    private static readonly CustomOperator op = new(
        "nms(Tensor boxes, Tensor scores, Tensor? classes, float iou_threshold) -> Tensor", &Kernel);

    /// <summary>The kept boxes, regardless of class.</summary>
    /// <param name="boxes">[N, 4] xyxy, floating point.</param>
    /// <param name="scores">[N].</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    /// <exception cref="ArgumentException">A shape, a dtype or a device is wrong.</exception>
    public static Tensor Keep(Tensor boxes, Tensor scores, double iouThreshold) => op.Call(boxes, scores, (Tensor?)null, iouThreshold);

    /// <summary>
    /// The kept boxes if boxes only suppress boxes of the same class: the result of torchvision's <c>batched_nms</c>, in its order.
    /// </summary>
    /// <param name="boxes">[N, 4] xyxy, floating point.</param>
    /// <param name="scores">[N].</param>
    /// <param name="classes">int64 [N]: labels, pyramid levels, or other groups of boxes.</param>
    /// <param name="iouThreshold">In [0, 1]; an overlap of exactly this stays.</param>
    /// <returns>int64 indices into <paramref name="boxes"/> by descending score.</returns>
    /// <exception cref="ArgumentException">A shape, a dtype or a device is wrong.</exception>
    public static Tensor KeepPerClass(Tensor boxes, Tensor scores, Tensor classes, double iouThreshold)
    {
        NmsChecks.Arguments(boxes, scores, classes);
        // torchvision has two implementations, which differ in rounding and in the order of equal scores. To equal its results,
        // this method selects between them in the same way.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long shifted = boxes.device_type == DeviceType.CUDA ? 20000 : 4000;
        Tensor kept;
        if (boxes.numel() == 0 || boxes.numel() > shifted)
        {
            Tensor ascending = op.Call(boxes, scores, classes, iouThreshold).sort().Values;
            kept = ascending.index_select(0, scores.index_select(0, ascending).sort(0, true).Indices);
        }
        else
        {
            Tensor offsets = classes.to(boxes.dtype) * (boxes.max() + 1);  // [N]: moves the classes apart
            kept = Keep(boxes + offsets.unsqueeze(1), scores, iouThreshold);
        }
        return kept.MoveToOuterDisposeScope();
    }

    [UnmanagedCallersOnly]
    private static void Kernel(ulong* stack, ulong arguments, ulong results) => op.Run(stack, given =>
    {
        Tensor boxes = given.Tensor(0), scores = given.Tensor(1);
        Tensor? classes = given.OptionalTensor(2);
        double iouThreshold = given.Float(3);
        NmsChecks.Arguments(boxes, scores, classes);
        if (!KernelDevice.Has(boxes)) return NmsPortable.Keep(boxes, scores, classes, iouThreshold);
        return boxes.device_type == DeviceType.CUDA
            ? NmsCuda.Keep(boxes, scores, classes, iouThreshold)
            : NmsCpu.Keep(boxes, scores, classes, iouThreshold);
    });
}
