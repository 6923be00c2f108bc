using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vision.Ops.RoiAlignment;

/// <summary>Transposes matrices, in square blocks of a vector's length if the machine can shuffle them.</summary>
internal static unsafe class Transposition<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>target[column · targetStride + row] = source[row · sourceStride + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(T* source, long sourceStride, long rows, long columns, T* target, long targetStride)
    {
        int lanes = Lanes<T>.Count;
        if (!Avx.IsSupported || rows < lanes || columns < lanes)
        {
            for (long column = 0; column < columns; column++)
            {
                for (long row = 0; row < rows; row++) target[column * targetStride + row] = source[row * sourceStride + column];
            }
            return;
        }
        // The last block of a line overlaps the previous one if the line is not a multiple of the block size.
        for (long column = 0; column < columns; column += lanes)
        {
            long firstColumn = Math.Min(column, columns - lanes);
            for (long row = 0; row < rows; row += lanes)
            {
                long firstRow = Math.Min(row, rows - lanes);
                T* from = source + firstRow * sourceStride + firstColumn, to = target + firstColumn * targetStride + firstRow;
                CopyBlock(from, sourceStride, to, targetStride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(T* source, long sourceStride, T* target, long targetStride)
    {
        if (typeof(T) == typeof(float)) CopyBlock((float*)source, sourceStride, (float*)target, targetStride);
        else CopyBlock((double*)source, sourceStride, (double*)target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(float* source, long sourceStride, float* target, long targetStride)
    {
        float* below = source + 4 * sourceStride, after = target + 4 * targetStride;
        for (int half = 0; half < 8; half += 4)
        {
            // Four columns of all eight rows: a row and the one four below it share a vector, whose halves are then 4×4 blocks.
            Vector256<float> a = Both(source + half, below + half);
            Vector256<float> b = Both(source + sourceStride + half, below + sourceStride + half);
            Vector256<float> c = Both(source + 2 * sourceStride + half, below + 2 * sourceStride + half);
            Vector256<float> d = Both(source + 3 * sourceStride + half, below + 3 * sourceStride + half);
            Vector256<double> abLow = Avx.UnpackLow(a, b).AsDouble(), abHigh = Avx.UnpackHigh(a, b).AsDouble();
            Vector256<double> cdLow = Avx.UnpackLow(c, d).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
            float* to = half == 0 ? target : after;
            Avx.UnpackLow(abLow, cdLow).AsSingle().Store(to);
            Avx.UnpackHigh(abLow, cdLow).AsSingle().Store(to + targetStride);
            Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(to + 2 * targetStride);
            Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(double* source, long sourceStride, double* target, long targetStride)
    {
        double* below = source + 2 * sourceStride, after = target + 2 * targetStride;
        for (int half = 0; half < 4; half += 2)
        {
            Vector256<double> a = Both(source + half, below + half);
            Vector256<double> b = Both(source + sourceStride + half, below + sourceStride + half);
            double* to = half == 0 ? target : after;
            Avx.UnpackLow(a, b).Store(to);
            Avx.UnpackHigh(a, b).Store(to + targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<U> Both<U>(U* low, U* high) where U : unmanaged => Vector256.Create(Vector128.Load(low), Vector128.Load(high));
}
