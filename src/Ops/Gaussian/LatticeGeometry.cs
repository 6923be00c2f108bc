using System.Runtime.CompilerServices;

namespace Vision.Ops.Gaussian;

/// <summary>
/// The geometry of the permutohedral lattice in d dimensions (Adams, Baek &amp; Davis 2010): the simplex around a point. The lattice lies
/// in the hyperplane Σx = 0 of d + 1 dimensions; the integer coordinates of a vertex are all congruent modulo d + 1. A vertex is stored
/// without its last coordinate, which follows from the others.
/// </summary>
internal sealed unsafe class LatticeGeometry
{
    /// <summary>The largest d.</summary>
    public const int MaxDimensions = 15;

    // Coordinates of vertices and of their neighbors are int32.
    private const double Farthest = 1 << 30;

    private readonly int dimensions;
    private readonly double[] scales;

    /// <summary>The lattice for Gaussians of standard deviation 1.</summary>
    public LatticeGeometry(int dimensions)
    {
        this.dimensions = dimensions;
        // Splat, blur and slice together have the variance of 2/3 (d + 1)² of a lattice of this spacing.
        double deviation = (dimensions + 1) * Math.Sqrt(2.0 / 3);
        scales = new double[dimensions];
        for (int i = 0; i < dimensions; i++) scales[i] = deviation / Math.Sqrt((i + 1.0) * (i + 2.0));
        Mass = (float)(Math.Pow(2 * Math.PI * 2 / 3, dimensions / 2.0) * Math.Sqrt(dimensions + 1.0));
    }

    /// <summary>
    /// The factor of splatted weights. Splat, blur and slice preserve the sum of the values, spread over cells of volume (d + 1)^(d −
    /// 1/2); the Gaussian that they approximate is 1 at its center, and has the integral (2π)^(d/2) deviation^d.
    /// </summary>
    public float Mass { get; }

    /// <summary>Finds the simplex around a point.</summary>
    /// <param name="point">[d].</param>
    /// <param name="vertices">Receives its d + 1 vertices, [d + 1, d].</param>
    /// <param name="weights">Receives their weights, [d + 1], which sum to 1.</param>
    /// <returns>False if the point is not finite, or too far from 0 for integer coordinates.</returns>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public bool Surround(float* point, int* vertices, float* weights)
    {
        int count = dimensions + 1;
        double* elevated = stackalloc double[MaxDimensions + 1];
        double sum = 0;
        for (int i = count - 1; i > 0; i--)
        {
            double coordinate = point[i - 1] * scales[i - 1];
            elevated[i] = sum - i * coordinate;
            sum += coordinate;
        }
        elevated[0] = sum;

        // The nearest point whose coordinates are all multiples of d + 1, which need not lie in the hyperplane.
        int* nearest = stackalloc int[MaxDimensions + 1];
        double* rest = stackalloc double[MaxDimensions + 1];
        int* rank = stackalloc int[MaxDimensions + 1];
        int excess = 0;
        for (int i = 0; i < count; i++)
        {
            double multiple = Math.Round(elevated[i] / count);
            if (!(Math.Abs(multiple) * count < Farthest)) return false;
            nearest[i] = (int)multiple * count;
            rest[i] = elevated[i] - nearest[i];
            excess += (int)multiple;
            rank[i] = 0;
        }

        // The order of the remainders determines the simplex; those at one end move by d + 1, back into the hyperplane.
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                int less = rest[i] < rest[j] ? 1 : 0;
                rank[i] += less;
                rank[j] += 1 - less;
            }
        }
        double* sorted = stackalloc double[MaxDimensions + 1];
        for (int i = 0; i < count; i++)
        {
            rank[i] += excess;
            int shift = rank[i] < 0 ? count : rank[i] >= count ? -count : 0;
            rank[i] += shift;
            nearest[i] += shift;
            sorted[rank[i]] = (rest[i] - shift) / count;
        }

        // Barycentric coordinates are the differences of consecutive sorted remainders.
        weights[0] = (float)(1 - sorted[0] + sorted[count - 1]);
        for (int k = 1; k < count; k++) weights[k] = (float)(sorted[count - 1 - k] - sorted[count - k]);
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < count - 1; i++) *vertices++ = nearest[i] + (rank[i] < count - k ? k : k - count);
        }
        return true;
    }
}
