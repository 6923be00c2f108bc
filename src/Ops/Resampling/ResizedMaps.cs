using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Resampling;

/// <summary>
/// Bilinear interpolation of feature maps on the CPU, without aligned corners, for prediction. libtorch reads its four source pixels for
/// every target pixel; here a source line is resized horizontally once, and each row of the result is a mixture of two lines.
/// </summary>
internal sealed unsafe class ResizedMaps
{
    private const long Grain = 8;

    private readonly BilinearAxis rows, columns;
    private readonly float* source, result;
    private readonly long imageStride, channelStride, rowStride, columnStride;
    private readonly long channels, height, width, sourceWidth;

    private ResizedMaps(Tensor x, Tensor y)
    {
        (channels, sourceWidth, height, width) = (x.shape[1], x.shape[3], y.shape[2], y.shape[3]);
        rows = new((int)x.shape[2], (int)height);
        columns = new((int)sourceWidth, (int)width);
        source = x.Pointer<float>();
        result = y.Pointer<float>();
        (imageStride, channelStride, rowStride, columnStride) = (x.stride(0), x.stride(1), x.stride(2), x.stride(3));
    }

    /// <summary>Resizes maps.</summary>
    /// <param name="x">float32 [N, C, h, w] on the CPU, with any strides.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>[N, C, H, W], contiguous.</returns>
    public static Tensor Of(Tensor x, long height, long width)
    {
        Tensor y = empty([x.shape[0], x.shape[1], height, width]);
        ResizedMaps work = new(x, y);
        ParallelLoop.For(x.shape[0] * x.shape[1] * height, Grain, work.WriteRows);
        GC.KeepAlive(x);
        return y;
    }

    private void WriteRows(long begin, long end)
    {
        float* memory = (float*)NativeMemory.Alloc((nuint)(2 * width + sourceWidth), sizeof(float));
        try
        {
            LinePair lines = new(memory, width);
            long last = -1;
            for (long i = begin; i < end; i++)
            {
                (long map, long y) = Math.DivRem(i, height);
                if (map != last) lines = new(memory, width);
                last = map;
                float* from = source + map / channels * imageStride + map % channels * channelStride;
                if (lines.MovesLow(rows.Low[y])) Fill(from, rows.Low[y], memory + 2 * width, lines.Low);
                if (lines.MovesHigh(rows.High[y])) Fill(from, rows.High[y], memory + 2 * width, lines.High);
                Mix(lines.Low, lines.High, rows.Share[y], result + i * width, width);
            }
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private void Fill(float* map, int row, float* line, float* to)
    {
        float* from = map + row * rowStride;
        for (long x = 0; x < sourceWidth; x++, from += columnStride) line[x] = *from;
        columns.Resize(line, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* low, float* high, float share, float* to, long count)
    {
        long x = 0;
        for (; x + Vector256<float>.Count <= count; x += Vector256<float>.Count)
        {
            Vector256<float> above = Vector256.Load(low + x);
            (above + (Vector256.Load(high + x) - above) * share).Store(to + x);
        }
        for (; x < count; x++) to[x] = low[x] + (high[x] - low[x]) * share;
    }
}
