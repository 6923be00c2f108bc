using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>Non-maximum suppression on CUDA. The host waits once, for the number of kept boxes.</summary>
internal static class NmsCuda
{
    // The number of boxes whose overlaps are the bits of one word, as in Nms.cu.
    private const int WordSize = 64;

    private const int ChoiceThreads = 512;

    /// <summary>As <see cref="Nms.Keep"/>; with classes, boxes only suppress boxes of the same class.</summary>
    public static Tensor Keep(Tensor boxes, Tensor scores, Tensor? classes, double iouThreshold)
    {
        long count = boxes.shape[0], words = (count + WordSize - 1) / WordSize;
        if (count == 0) return zeros([0], int64, boxes.device);

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Device device = boxes.device;
        ScalarType real = KernelSource.RealOf(boxes);
        Tensor order = scores.sort(0, true, true).Indices;
        Tensor sorted = boxes.to(real).index_select(0, order).contiguous();                      // [N, 4]
        Tensor? labels = classes?.index_select(0, order);
        Tensor overlaps = empty([count, words], int64, device), removed = zeros([words], int64, device);
        Tensor kept = empty([count], @bool, device);
        CudaRuntime runtime = CudaKernels.Runtime;
        KernelSource source = KernelSource.For("Nms.cu", real, overlaps.numel());
        runtime.Launch(
            source, "nms_overlaps", device, new((uint)words, (uint)words, WordSize),
            count, sorted, labels, RoundDown(iouThreshold, real), words, overlaps);
        runtime.Launch(source, "nms_choice", device, new(1, 1, ChoiceThreads), count, words, overlaps, removed, kept);
        return order.masked_select(kept).MoveToOuterDisposeScope();
    }

    // The largest float that is not above the threshold: a float is above it if and only if it is above the threshold.
    private static double RoundDown(double threshold, ScalarType real)
    {
        if (real == float64) return threshold;
        float rounded = (float)threshold;
        return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
    }
}
