using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The cells of a YOLO detector's levels. Computed once for each shape of levels.</summary>
internal sealed class CellGrid : IDisposable
{
    private readonly GridCache cache = new();

    /// <summary>The cells, [A, 3]: the left and upper edge and the side of each, in pixels;
    /// ordered by level and row.</summary>
    /// <param name="levels">[N, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="side">Side of the image.</param>
    /// <returns>The cells, owned by the caller's dispose scope, and the number of cells of each level.</returns>
    public (Tensor Cells, long[] PerLevel) For(IReadOnlyList<Tensor> levels, int side)
    {
        Tensor cells = cache.For(levels, new(side, side), 3, () => Rows(levels, side));
        return (cells, [.. levels.Select(level => level.shape[2] * level.shape[3])]);
    }

    /// <summary>Frees the cached cells.</summary>
    public void Dispose() => cache.Dispose();

    private static List<float> Rows(IReadOnlyList<Tensor> levels, int side)
    {
        List<float> cells = [];
        foreach (Tensor level in levels)
        {
            float stride = side / (float)level.shape[3];
            for (int y = 0; y < level.shape[2]; y++)
                for (int x = 0; x < level.shape[3]; x++) cells.AddRange([x * stride, y * stride, stride]);
        }
        return cells;
    }
}
