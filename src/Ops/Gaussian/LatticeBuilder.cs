using System.Runtime.CompilerServices;
using TorchSharp;
using Vision.Ops.Libtorch;

namespace Vision.Ops.Gaussian;

/// <summary>
/// Builds the permutohedral lattice of a set of points (Adams, Baek &amp; Davis 2010): the vertices around each point, their
/// weights, and the neighbors of each vertex. The result does not depend on the number of threads.
/// </summary>
internal sealed unsafe class LatticeBuilder
{
    private const int MinPointsPerPart = 4096, VerticesPerTask = 256;

    private readonly int dimensions, corners;
    private readonly float* positions;
    private readonly LatticeGeometry geometry;
    private readonly LatticePart[] parts;
    private readonly VertexTable table;

    /// <summary>Numbers the vertices around the points, from 0 in order of first use.</summary>
    /// <param name="positions">[N, d]; it must live as long as the builder.</param>
    /// <param name="points">N.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="vertices">Receives the d + 1 vertices around each point, [N, d + 1].</param>
    /// <param name="weights">Receives their weights, [N, d + 1].</param>
    /// <exception cref="ArgumentException">A point is not finite, or too far from 0.</exception>
    public LatticeBuilder(float* positions, int points, int dimensions, int* vertices, float* weights)
    {
        this.positions = positions;
        this.dimensions = dimensions;
        corners = dimensions + 1;
        geometry = new(dimensions);
        parts = Split(points);
        ForEachPart(part => Surround(part, vertices, weights));
        if (parts.Any(part => part.TooFar))
        {
            throw new ArgumentException(
                "A feature of a Gaussian filter is not finite, or too large; expected at most some million standard deviations.");
        }
        table = Join();
        ForEachPart(part => Count(part, vertices));
    }

    /// <summary>M, the number of vertices.</summary>
    public int VertexCount => table.Count;

    /// <summary>Converts the vertices around each point to the points around each vertex.</summary>
    /// <param name="vertices">[N, d + 1], from the constructor.</param>
    /// <param name="weights">[N, d + 1], likewise.</param>
    /// <param name="starts">Receives [M + 1]: the entries of a vertex are [starts[m], starts[m + 1]).</param>
    /// <param name="members">Receives [N (d + 1)]: the points around each vertex, in order.</param>
    /// <param name="shares">Receives [N (d + 1)]: the weight of each.</param>
    public void Transpose(int* vertices, float* weights, int* starts, int* members, float* shares)
    {
        int next = 0;
        for (int vertex = 0; vertex < VertexCount; vertex++)
        {
            starts[vertex] = next;
            foreach (LatticePart part in parts)
            {
                int count = part.Counts[vertex];
                part.Counts[vertex] = next;
                next += count;
            }
        }
        starts[VertexCount] = next;
        ForEachPart(part => Fill(part, vertices, weights, members, shares));
    }

    /// <summary>Finds the neighbors of each vertex.</summary>
    /// <param name="neighbors">Receives [d + 1, M, 2]: the vertices on both sides along each axis; M for none.</param>
    public void Connect(int* neighbors)
    {
        new Span<int>(neighbors, checked(corners * VertexCount * 2)).Fill(VertexCount);
        ParallelLoop.For(VertexCount, VerticesPerTask, (begin, end) => Connect(neighbors, (int)begin, (int)end));
    }

    private LatticePart[] Split(int points)
    {
        int count = Math.Clamp(points / MinPointsPerPart, 1, torch.get_num_threads());
        return [.. Enumerable.Range(0, count).Select(i => new LatticePart(First(i), First(i + 1), dimensions))];

        int First(int part) => (int)((long)points * part / count);
    }

    private void ForEachPart(Action<LatticePart> work) => ParallelLoop.For(parts.Length, 1, (begin, end) =>
    {
        for (long i = begin; i < end; i++) work(parts[i]);
    });

    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Surround(LatticePart part, int* vertices, float* weights)
    {
        int* around = stackalloc int[(LatticeGeometry.MaxDimensions + 1) * LatticeGeometry.MaxDimensions];
        VertexTable own = part.Table;
        for (nint i = part.Begin; i < part.End; i++)
        {
            if (!geometry.Surround(positions + i * dimensions, around, weights + i * corners))
            {
                part.TooFar = true;
                return;
            }
            for (int k = 0; k < corners; k++) vertices[i * corners + k] = own.Insert(around + k * dimensions);
        }
    }

    // The first part's table becomes the common one.
    private VertexTable Join()
    {
        VertexTable all = parts[0].Table;
        parts[0].Numbers = [.. Enumerable.Range(0, all.Count)];
        foreach (LatticePart part in parts.Skip(1))
        {
            part.Numbers = new int[part.Table.Count];
            for (int i = 0; i < part.Numbers.Length; i++) part.Numbers[i] = all.Insert(part.Table[i]);
        }
        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Count(LatticePart part, int* vertices)
    {
        int[] numbers = part.Numbers, counts = new int[VertexCount];
        for (nint k = (nint)part.Begin * corners; k < (nint)part.End * corners; k++)
        {
            int vertex = numbers[vertices[k]];
            vertices[k] = vertex;
            counts[vertex]++;
        }
        part.Counts = counts;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Fill(LatticePart part, int* vertices, float* weights, int* members, float* shares)
    {
        int[] next = part.Counts;
        float mass = geometry.Mass;
        for (int i = part.Begin; i < part.End; i++)
        {
            for (nint k = (nint)i * corners; k < (nint)(i + 1) * corners; k++)
            {
                int entry = next[vertices[k]]++;
                members[entry] = i;
                shares[entry] = weights[k] * mass;
            }
        }
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Connect(int* neighbors, int begin, int end)
    {
        int* moved = stackalloc int[LatticeGeometry.MaxDimensions];
        for (int i = begin; i < end; i++)
        {
            int* vertex = table[i];
            for (int axis = 0; axis < corners; axis++)
            {
                for (int k = 0; k < dimensions; k++) moved[k] = vertex[k] + 1;
                if (axis < dimensions) moved[axis] -= corners;
                int other = table.Find(moved);
                if (other == VertexTable.None) continue;
                // The relation is symmetric.
                int* pairs = neighbors + (nint)axis * VertexCount * 2;
                pairs[2 * i] = other;
                pairs[2 * other + 1] = i;
            }
        }
    }
}
