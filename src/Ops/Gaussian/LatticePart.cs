namespace Vision.Ops.Gaussian;

/// <summary>
/// A run of points, [<paramref name="begin"/>, <paramref name="end"/>), that one thread works on while a lattice is built, and the vertices
/// around them.
/// </summary>
internal sealed class LatticePart(int begin, int end, int dimensions)
{
    /// <summary>The first point.</summary>
    public int Begin { get; } = begin;

    /// <summary>The one after the last.</summary>
    public int End { get; } = end;

    /// <summary>The vertices around these points.</summary>
    public VertexTable Table { get; } = new(dimensions);

    /// <summary>The numbers of the table's vertices among those of all parts.</summary>
    public int[] Numbers { get; set; } = [];

    /// <summary>
    /// For each vertex of all parts how often it is around one of these points; then where the part's next entry of it belongs.
    /// </summary>
    public int[] Counts { get; set; } = [];

    /// <summary>Whether a point is not finite, or too far from 0.</summary>
    public bool TooFar { get; set; }
}
