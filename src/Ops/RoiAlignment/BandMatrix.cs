using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// The taps of regions along the columns as banded matrices: for each vector of outputs, the range of inputs that any of them reads, with
/// all weights. Few weights are zero, and no code branches on the number of taps of an output.
/// </summary>
internal sealed unsafe class BandMatrix<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowGroup = 4; // rows that are multiplied together, so that their sums are independent

    private readonly NativeList<Band> bands = new();
    private readonly NativeList<T> weights = new();

    /// <summary>Adds a region's matrix.</summary>
    /// <param name="taps">For each output, its inputs.</param>
    /// <param name="first">The region's first output in them.</param>
    /// <param name="count">The region's number of outputs.</param>
    /// <param name="shift">Number of zero outputs before them.</param>
    /// <param name="total">Total number of outputs. Those after the region's are zero.</param>
    /// <param name="origin">The input with index 0 in the matrix.</param>
    /// <returns>The index of the matrix, for <see cref="Multiply"/>.</returns>
    public long Add(Taps<T> taps, long first, long count, long shift, long total, long origin)
    {
        long place = bands.Count;
        for (long block = 0; block < total; block += Lanes<T>.Count)
        {
            long begin = first + Math.Clamp(block - shift, 0, count), end = first + Math.Clamp(block - shift + Lanes<T>.Count, 0, count);
            (long low, long length) = taps.Pixels(begin, end);
            bands.Add(new Band(weights.Count, low - origin, length));
            T* matrix = weights.Extend(length * Lanes<T>.Count);
            for (long output = begin; output < end; output++)
            {
                long lane = output - first + shift - block;
                for (Tap<T>* tap = taps.Items + taps.Starts[output]; tap < taps.Items + taps.Starts[output + 1]; tap++)
                    matrix[(tap->Pixel - low) * Lanes<T>.Count + lane] += tap->Weight;
            }
        }
        return place;
    }

    /// <summary>target[row, output] = Σ source[row, input] · weight, for all rows and whole vectors of outputs.</summary>
    /// <param name="place">The index of the matrix.</param>
    /// <param name="blocks">Its number of vectors of outputs.</param>
    /// <param name="source">The rows of inputs.</param>
    /// <param name="sourceStride">The distance between rows of inputs.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="target">The rows of outputs, with room for <see cref="RoundUp"/> rows.</param>
    /// <param name="targetStride">The distance between rows of outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(long place, long blocks, T* source, long sourceStride, long rows, T* target, long targetStride)
    {
        int lanes = Lanes<T>.Count;
        for (long row = 0; row < rows; row += RowGroup, source += RowGroup * sourceStride, target += RowGroup * targetStride)
        {
            // An incomplete group repeats the last row.
            T* row1 = source + Math.Min(1, rows - row - 1) * sourceStride;
            T* row2 = source + Math.Min(2, rows - row - 1) * sourceStride;
            T* row3 = source + Math.Min(3, rows - row - 1) * sourceStride;
            Band* band = bands.Items + place;
            for (long block = 0; block < blocks; block++, band++)
            {
                Vector256<T> a = default, b = default, c = default, d = default;
                T* weight = weights.Items + band->Weights;
                for (long x = band->First; x < band->First + band->Count; x++, weight += lanes)
                {
                    Vector256<T> w = Vector256.Load(weight);
                    a = Lanes<T>.MultiplyAdd(w, Vector256.Create(source[x]), a);
                    b = Lanes<T>.MultiplyAdd(w, Vector256.Create(row1[x]), b);
                    c = Lanes<T>.MultiplyAdd(w, Vector256.Create(row2[x]), c);
                    d = Lanes<T>.MultiplyAdd(w, Vector256.Create(row3[x]), d);
                }
                T* to = target + block * lanes;
                a.Store(to);
                b.Store(to + targetStride);
                c.Store(to + 2 * targetStride);
                d.Store(to + 3 * targetStride);
            }
        }
    }

    /// <summary>The number of rows that <see cref="Multiply"/> writes.</summary>
    public static long RoundUp(long rows) => (rows + RowGroup - 1) / RowGroup * RowGroup;

    public void Dispose()
    {
        bands.Dispose();
        weights.Dispose();
    }

    // For a vector of outputs: the start of its weights, [Count, lanes], and its range of inputs.
    private readonly record struct Band(long Weights, long First, long Count);
}
