using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Resampling;

/// <summary>The most probable class of each pixel, from logits at another resolution, without the probabilities of a whole image: the
/// softmax of each line is resized horizontally once, and each row of the result is the maximum of a mixture of two lines.</summary>
internal sealed unsafe class ResizedArgmax
{
    private const int Lanes = 8;
    private const long Grain = 8;

    private readonly BilinearAxis rows, columns;
    private readonly float* logits;
    private readonly long channelStride, rowStride, columnStride;
    private readonly int classes, width, padded, sourceWidth, sourcePadded;
    private readonly bool isResized;
    private readonly byte[] result;

    private ResizedArgmax(Tensor logits, int height, int width)
    {
        (classes, sourceWidth) = ((int)logits.shape[0], (int)logits.shape[2]);
        rows = new((int)logits.shape[1], height);
        columns = new(sourceWidth, width);
        this.logits = logits.Pointer<float>();
        (channelStride, rowStride, columnStride) = (logits.stride(0), logits.stride(1), logits.stride(2));
        this.width = width;
        (padded, sourcePadded) = (RoundUp(width), RoundUp(sourceWidth));
        // Softmax keeps the order of classes, so that it only matters if pixels are mixed.
        isResized = logits.shape[1] != height || sourceWidth != width;
        result = new byte[checked(height * width)];
    }

    /// <summary>The classes of an image, row by row; of equally probable classes, the first.</summary>
    /// <param name="logits">[classes, h, w], float32 on the CPU, with any strides; at most 256 classes.</param>
    /// <param name="height">The height of the result: probabilities are interpolated bilinearly, without aligned corners.</param>
    /// <param name="width">The width of the result.</param>
    public static byte[] Of(Tensor logits, int height, int width)
    {
        ResizedArgmax work = new(logits, height, width);
        ParallelLoop.For(height, Grain, work.WriteRows);
        GC.KeepAlive(logits);
        return work.result;
    }

    private static int RoundUp(int count) => (count + Lanes - 1) / Lanes * Lanes;

    private void WriteRows(long begin, long end)
    {
        long line = (long)classes * padded, source = (long)classes * sourcePadded;
        float* memory = (float*)NativeMemory.AllocZeroed((nuint)(2 * line + source), sizeof(float));
        try
        {
            LinePair lines = new(memory, line);
            for (int y = (int)begin; y < end; y++)
            {
                if (lines.MovesLow(rows.Low[y])) Fill(lines.Low, memory + 2 * line, rows.Low[y]);
                if (lines.MovesHigh(rows.High[y])) Fill(lines.High, memory + 2 * line, rows.High[y]);
                Decide(lines.Low, lines.High, rows.Share[y], result.AsSpan(y * width, width));
            }
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    /// <summary>Computes a line, [classes, padded].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(float* line, float* source, int row)
    {
        for (int c = 0; c < classes; c++)
        {
            float* from = logits + c * channelStride + row * rowStride, to = source + c * sourcePadded;
            for (int x = 0; x < sourceWidth; x++, from += columnStride) to[x] = *from;
        }
        if (isResized) Softmax(source);
        for (int c = 0; c < classes; c++) columns.Resize(source + c * sourcePadded, line + c * padded);
    }

    /// <summary>Turns logits into probabilities, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(float* source)
    {
        for (int x = 0; x < sourcePadded; x += Lanes)
        {
            Vector256<float> most = Vector256.Load(source + x), sum = Vector256<float>.Zero;
            for (int c = 1; c < classes; c++) most = Vector256.Max(most, Vector256.Load(source + c * sourcePadded + x));
            for (int c = 0; c < classes; c++)
            {
                Vector256<float> power = Vector256.Exp(Vector256.Load(source + c * sourcePadded + x) - most);
                power.Store(source + c * sourcePadded + x);
                sum += power;
            }
            Vector256<float> share = Vector256<float>.One / sum;
            for (int c = 0; c < classes; c++)
                (Vector256.Load(source + c * sourcePadded + x) * share).Store(source + c * sourcePadded + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decide(float* low, float* high, float share, Span<byte> to)
    {
        Vector256<float> shares = Vector256.Create(share);
        for (int x = 0; x < width; x += Lanes)
        {
            Vector256<float> most = Vector256.Create(float.NegativeInfinity);
            Vector256<int> label = Vector256<int>.Zero;
            for (int c = 0; c < classes; c++)
            {
                Vector256<float> above = Vector256.Load(low + c * padded + x), below = Vector256.Load(high + c * padded + x);
                Vector256<float> value = above + (below - above) * shares, better = Vector256.GreaterThan(value, most);
                most = Vector256.ConditionalSelect(better, value, most);
                label = Vector256.ConditionalSelect(better.AsInt32(), Vector256.Create(c), label);
            }
            for (int i = 0; i < Math.Min(Lanes, width - x); i++) to[x + i] = (byte)label[i];
        }
    }
}
