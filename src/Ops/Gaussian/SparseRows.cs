namespace Vision.Ops.Gaussian;

/// <summary>A sparse matrix by its rows.</summary>
/// <param name="starts">
/// The start of each row's entries, followed by the end of the last; null if every row has <paramref name="length"/> entries.
/// </param>
/// <param name="length">Number of entries in each row, if there are no starts.</param>
/// <param name="columns">The column of each entry.</param>
/// <param name="weights">The value of each entry.</param>
internal readonly unsafe struct SparseRows(int* starts, int length, int* columns, float* weights)
{
    /// <summary>The column of each entry.</summary>
    public readonly int* Columns = columns;

    /// <summary>The value of each entry.</summary>
    public readonly float* Weights = weights;

    private readonly int* starts = starts;
    private readonly int length = length;

    /// <summary>The first entry of a row.</summary>
    public nint Start(nint row) => starts != null ? starts[row] : row * length;
}
