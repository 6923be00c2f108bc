using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The cells of the levels that a YOLO looks at. Made once for each shape of levels; the tensors belong to the grid.</summary>
internal sealed class CellGrid : IDisposable
{
    private (string Shapes, Tensor Cells, long[] PerLevel)? cached;

    /// <summary>The cells, [A, 3]: the left and the upper edge of each, and its side, in pixels; level after level, and in each row after row.</summary>
    /// <param name="levels">[N, C, Hᵢ, Wᵢ], finest first; only the shapes matter.</param>
    /// <param name="side">Side of the image.</param>
    /// <returns>The cells, which must not be disposed, and how many each level has.</returns>
    public (Tensor Cells, long[] PerLevel) For(IReadOnlyList<Tensor> levels, int side)
    {
        string key = $"{levels[0].device}: {side} {string.Join(' ', levels.Select(level => $"{level.shape[2]}x{level.shape[3]}"))}";
        if (cached is { } known && known.Shapes == key) return (known.Cells, known.PerLevel);
        Dispose();
        List<float> cells = [];
        foreach (Tensor level in levels)
        {
            float stride = side / (float)level.shape[3];
            for (int y = 0; y < level.shape[2]; y++)
                for (int x = 0; x < level.shape[3]; x++) cells.AddRange([x * stride, y * stride, stride]);
        }
        using var scope = NewDisposeScope();
        Tensor all = tensor(cells.ToArray()).reshape(-1, 3).to(levels[0].device).DetachFromDisposeScope();
        long[] perLevel = [.. levels.Select(level => level.shape[2] * level.shape[3])];
        cached = (key, all, perLevel);
        return (all, perLevel);
    }

    /// <summary>Frees the cached cells.</summary>
    public void Dispose()
    {
        cached?.Cells.Dispose();
        cached = null;
    }
}
