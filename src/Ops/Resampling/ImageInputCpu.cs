using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Vision.Ops.Libtorch;
using static TorchSharp.torch;

namespace Vision.Ops.Resampling;

/// <summary>Resizes and normalizes an image in one pass: each line is resized horizontally once, and each row of the result is made of two
/// lines and normalized in vectors.</summary>
/// <typeparam name="T">The type of the image's pixels: byte or float.</typeparam>
internal sealed unsafe class ImageInputCpu<T> where T : unmanaged
{
    private const long Grain = 16;

    // Divided like floats elsewhere, so that bytes and floats have equal results to the last bit.
    private static readonly float[] units = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    private readonly BilinearAxis rows, columns;
    private readonly T* image;
    private readonly long imageChannel, imageRow, imageColumn;
    private readonly float* slot;
    private readonly long slotChannel, slotRow;
    private readonly int channels, width;
    private readonly bool isInterleaved;
    private readonly float[] factor, shift;     // of each number in a line

    /// <summary>Prepares to write an image into a slot.</summary>
    /// <param name="slot">float32 [C, H, W], planar or channels-last.</param>
    /// <param name="image">[C, h, w], with any strides.</param>
    /// <param name="factor">By which each channel is multiplied.</param>
    /// <param name="shift">Which is added to each channel afterwards.</param>
    public ImageInputCpu(Tensor slot, Tensor image, float[] factor, float[] shift)
    {
        rows = new((int)image.shape[1], (int)slot.shape[1]);
        columns = new((int)image.shape[2], (int)slot.shape[2]);
        this.image = image.Pointer<T>();
        (imageChannel, imageRow, imageColumn) = (image.stride(0), image.stride(1), image.stride(2));
        this.slot = slot.Pointer<float>();
        (slotChannel, slotRow) = (slot.stride(0), slot.stride(1));
        (channels, width) = (factor.Length, (int)slot.shape[2]);
        isInterleaved = IsInterleaved(slot);
        this.factor = InLine(factor);
        this.shift = InLine(shift);
    }

    /// <summary>Whether a slot has a memory format that this class writes.</summary>
    public static bool Fits(Tensor slot) => slot.stride(2) == 1 || IsInterleaved(slot);

    /// <summary>Writes the image, on all threads.</summary>
    public void Write() => ParallelLoop.For(rows.Low.Length, Grain, WriteRows);

    private static bool IsInterleaved(Tensor slot) => slot.stride(0) == 1 && slot.stride(2) == slot.shape[0];

    // In a line, numbers are in the order of the slot's memory.
    private float[] InLine(float[] ofChannels) =>
        [.. Enumerable.Range(0, channels * width).Select(i => ofChannels[isInterleaved ? i % channels : i / width])];

    private void WriteRows(long begin, long end)
    {
        int length = channels * width;
        float* memory = (float*)NativeMemory.Alloc((nuint)(2 * length), sizeof(float));
        try
        {
            LinePair lines = new(memory, length);
            for (int y = (int)begin; y < end; y++)
            {
                if (lines.MovesLow(rows.Low[y])) Fill(lines.Low, rows.Low[y]);
                if (lines.MovesHigh(rows.High[y])) Fill(lines.High, rows.High[y]);
                float* row = slot + y * slotRow;
                int part = isInterleaved ? length : width;
                for (int at = 0; at < length; at += part, row += slotChannel)
                    Mix(lines.Low + at, lines.High + at, rows.Share[y], factor.AsSpan(at, part), shift.AsSpan(at, part), row);
            }
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    /// <summary>Resizes a row of the image horizontally.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(float* line, int row)
    {
        (long toColumn, long toChannel, long fromChannel) = (isInterleaved ? channels : 1, isInterleaved ? 1 : width, imageChannel);
        int[] lows = columns.Low, highs = columns.High;
        float[] shares = columns.Share;
        T* from = image + row * imageRow;
        for (int x = 0; x < shares.Length; x++, line += toColumn)
        {
            T* low = from + lows[x] * imageColumn, high = from + highs[x] * imageColumn;
            for (int c = 0; c < channels; c++)
            {
                float value = Number(low[c * fromChannel]);
                line[c * toChannel] = value + (Number(high[c * fromChannel]) - value) * shares[x];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Number(T value) =>
        typeof(T) == typeof(byte) ? units[Unsafe.BitCast<T, byte>(value)] : Unsafe.BitCast<T, float>(value);

    /// <summary>(low + (high − low) · share) · factor + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* low, float* high, float share, ReadOnlySpan<float> factor, ReadOnlySpan<float> shift, float* to)
    {
        int i = 0, count = factor.Length;
        Vector256<float> shares = Vector256.Create(share);
        for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
        {
            Vector256<float> above = Vector256.Load(low + i), below = Vector256.Load(high + i);
            Vector256<float> mixed = above + (below - above) * shares;
            (mixed * Vector256.Create(factor[i..]) + Vector256.Create(shift[i..])).Store(to + i);
        }
        for (; i < count; i++) to[i] = (low[i] + (high[i] - low[i]) * share) * factor[i] + shift[i];
    }
}
