using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Vision.Ops.RoiAlignment;

/// <summary>
/// The taps of regions along the columns as banded matrices: for each vector of outputs, the run of inputs that any of them reads, with
/// the weights of all. Few of the weights are zero, and nothing branches on how many taps an output has.
/// </summary>
internal sealed unsafe class BandMatrix<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowGroup = 4; // rows that are multiplied together, so that their sums do not wait for each other

    private readonly NativeList<Band> bands = new();
    private readonly NativeList<T> weights = new();

    /// <summary>Adds a region's matrix.</summary>
    /// <param name="taps">For each output, its inputs.</param>
    /// <param name="first">The region's first output in them.</param>
    /// <param name="count">How many outputs it has there.</param>
    /// <param name="shift">Outputs of zero that go before them.</param>
    /// <param name="total">Outputs in all. Behind those of the region, they are zero.</param>
    /// <param name="origin">The input that counts as the first.</param>
    /// <returns>The place of the matrix, for <see cref="Multiply"/>.</returns>
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
    /// <param name="place">Where the matrix is.</param>
    /// <param name="blocks">Its vectors of outputs.</param>
    /// <param name="source">The rows of inputs.</param>
    /// <param name="sourceStride">From one of them to the next.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="target">The rows of outputs, with room for <see cref="RoundUp"/> of them.</param>
    /// <param name="targetStride">From one of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(long place, long blocks, T* source, long sourceStride, long rows, T* target, long targetStride)
    {
        int lanes = Lanes<T>.Count;
        for (long row = 0; row < rows; row += RowGroup, source += RowGroup * sourceStride, target += RowGroup * targetStride)
        {
            // What the group has more than the rows is the last row again.
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

    /// <summary>The rows that <see cref="Multiply"/> writes.</summary>
    public static long RoundUp(long rows) => (rows + RowGroup - 1) / RowGroup * RowGroup;

    public void Dispose()
    {
        bands.Dispose();
        weights.Dispose();
    }

    // For a vector of outputs: where its weights start, [Count, lanes], and its run of inputs.
    private readonly record struct Band(long Weights, long First, long Count);
}
