using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vision.Ops.Libtorch;

namespace Vision.Ops.Gaussian;

/// <summary>
/// The steps of filtering on a permutohedral lattice. Every row of every step is summed by one thread in a fixed order, so results do not
/// depend on the number of threads.
/// </summary>
/// <param name="channels">C.</param>
/// <param name="vertexCount">M.</param>
internal sealed unsafe class LatticeFilter(int channels, int vertexCount)
{
    /// <summary>Number of elements per vector.</summary>
    public const int Lanes = 8;

    private const int RowsPerTask = 512;

    /// <summary>Elements of a vertex's row in a table: the channels, rounded up to whole vectors.</summary>
    public int Width { get; } = (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>Gathers at each vertex the values of the points around it.</summary>
    /// <param name="values">[N, C], or [N, <see cref="Lanes"/>] if C is less.</param>
    /// <param name="starts">[M + 1]: the entries of a vertex are [starts[m], starts[m + 1]).</param>
    /// <param name="members">[N (d + 1)]: the points around each vertex.</param>
    /// <param name="shares">[N (d + 1)]: the weight of each.</param>
    /// <param name="table">Receives [M, <see cref="Width"/>].</param>
    public void Splat(float* values, int* starts, int* members, float* shares, float* table)
    {
        SparseRows matrix = new(starts, 0, members, shares);
        // Vertices have very different numbers of points, so the work is divided by entries, not by vertices.
        ParallelLoop.For(starts[vertexCount], RowsPerTask, (begin, end) =>
            Multiply(matrix, values, Math.Max(channels, Lanes), table, Width, FirstFrom(begin), FirstFrom(end)));

        int FirstFrom(long entry)
        {
            int index = new Span<int>(starts, vertexCount).BinarySearch((int)entry);
            return index < 0 ? ~index : index;
        }
    }

    /// <summary>Blurs along one axis: half of a vertex plus a quarter of each of its two neighbors.</summary>
    /// <param name="neighbors">[M, 2]. A missing neighbor is the row of zeros after the last vertex.</param>
    /// <param name="table">[M + 1, <see cref="Width"/>].</param>
    /// <param name="blurred">Receives [M, <see cref="Width"/>].</param>
    public void Blur(int* neighbors, float* table, float* blurred) =>
        ParallelLoop.For(vertexCount, RowsPerTask, (begin, end) => Blur(neighbors, table, blurred, Width, (nint)begin, (nint)end));

    /// <summary>Reads the blurred values at each point.</summary>
    /// <param name="table">[M, <see cref="Width"/>].</param>
    /// <param name="vertices">[N, d + 1]: the vertices around each point.</param>
    /// <param name="weights">[N, d + 1]: the weight of each.</param>
    /// <param name="corners">d + 1.</param>
    /// <param name="points">N.</param>
    /// <param name="values">Receives [N, C].</param>
    public void Slice(float* table, int* vertices, float* weights, int corners, int points, float* values)
    {
        SparseRows matrix = new(null, corners, vertices, weights);
        ParallelLoop.For(points, RowsPerTask, (begin, end) => Multiply(matrix, table, Width, values, channels, (nint)begin, (nint)end));
    }

    /// <summary>
    /// target = matrix · source, for rows [begin, end) of the matrix. The rows of the values are unpadded, those of the table are padded to
    /// whole vectors.
    /// </summary>
    // NoInlining: otherwise the JIT may inline it into the calling lambda, and no longer inline its own callees.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(
        SparseRows matrix, float* source, int sourceChannels, float* target, int targetChannels, nint begin, nint end)
    {
        int vectors = (sourceChannels + Lanes - 1) / Lanes;
        int* columns = matrix.Columns;
        float* weights = matrix.Weights;
        for (nint row = begin; row < end; row++)
        {
            float* to = target + row * targetChannels;
            nint first = matrix.Start(row), last = matrix.Start(row + 1);
            int vector = 0;
            for (; vector + 1 < vectors; vector += 2)
            {
                float* one = source + Offset(vector, sourceChannels), other = source + Offset(vector + 1, sourceChannels);
                Vector256<float> oneSum = default, otherSum = default;
                for (nint entry = first; entry < last; entry++)
                {
                    nint from = (nint)columns[entry] * sourceChannels;
                    Vector256<float> weight = Vector256.Create(weights[entry]);
                    oneSum = Vector256.MultiplyAddEstimate(Vector256.Load(one + from), weight, oneSum);
                    otherSum = Vector256.MultiplyAddEstimate(Vector256.Load(other + from), weight, otherSum);
                }
                oneSum.Store(to + Offset(vector, targetChannels));
                otherSum.Store(to + Offset(vector + 1, targetChannels));
            }
            if (vector == vectors) continue;
            float* single = source + Offset(vector, sourceChannels);
            Vector256<float> sum = default;
            for (nint entry = first; entry < last; entry++)
            {
                nint from = (nint)columns[entry] * sourceChannels;
                sum = Vector256.MultiplyAddEstimate(Vector256.Load(single + from), Vector256.Create(weights[entry]), sum);
            }
            if (targetChannels >= Lanes) sum.Store(to + Offset(vector, targetChannels));
            else for (int channel = 0; channel < targetChannels; channel++) to[channel] = sum[channel];
        }
    }

    // The start of a vector in a row. The last vector may overlap the previous one, so that no row is read or written beyond its end.
    private static int Offset(int vector, int rowChannels) => Math.Min(vector * Lanes, rowChannels - Lanes);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Blur(int* neighbors, float* table, float* blurred, int width, nint begin, nint end)
    {
        for (nint vertex = begin; vertex < end; vertex++)
        {
            if (Sse.IsSupported && vertex + 12 < end)
            {
                Sse.Prefetch0(table + (nint)neighbors[2 * vertex + 24] * width);
                Sse.Prefetch0(table + (nint)neighbors[2 * vertex + 25] * width);
            }
            float* center = table + vertex * width, target = blurred + vertex * width;
            float* one = table + (nint)neighbors[2 * vertex] * width, other = table + (nint)neighbors[2 * vertex + 1] * width;
            for (int i = 0; i < width; i += Lanes)
            {
                Vector256<float> sides = (Vector256.Load(one + i) + Vector256.Load(other + i)) * 0.25f;
                Vector256.MultiplyAddEstimate(Vector256.Load(center + i), Vector256.Create(0.5f), sides).Store(target + i);
            }
        }
    }
}
