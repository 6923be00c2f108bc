namespace Vision.Ops.Gaussian;

/// <summary>
/// A range of points, [<paramref name="begin"/>, <paramref name="end"/>), that one thread processes while a lattice is built, and the
/// vertices around them.
/// </summary>
internal sealed class LatticePart(int begin, int end, int dimensions)
{
    /// <summary>The first point.</summary>
    public int Begin { get; } = begin;

    /// <summary>The point after the last.</summary>
    public int End { get; } = end;

    /// <summary>The vertices around these points.</summary>
    public VertexTable Table { get; } = new(dimensions);

    /// <summary>The global numbers of the table's vertices.</summary>
    public int[] Numbers { get; set; } = [];

    /// <summary>
    /// For each global vertex, the number of these points that it surrounds; later the index of the part's next entry.
    /// </summary>
    public int[] Counts { get; set; } = [];

    /// <summary>Whether a point is not finite, or too far from 0.</summary>
    public bool TooFar { get; set; }
}
