using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Caches boxes or cells that depend only on the shapes of feature maps. Several threads may predict with one model: each caller gets
/// its own handle to the same memory, which lives as long as any handle.
/// </summary>
internal sealed class GridCache : IDisposable
{
    /// <summary>Maximum number of cached grids: a folder or a video has few shapes, training with random scales many.</summary>
    private const int Capacity = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Tensor> grids = [];

    /// <summary>The grid of the given levels, float32 [A, columns], owned by the caller's dispose scope.</summary>
    /// <param name="levels">[N, C, Hᵢ, Wᵢ], finest first; only the shapes and the device matter.</param>
    /// <param name="image">The size of the image.</param>
    /// <param name="columns">Numbers per row.</param>
    /// <param name="make">Creates the rows if they are not cached.</param>
    public Tensor For(IReadOnlyList<Tensor> levels, ImageSize image, int columns, Func<IReadOnlyList<float>> make)
    {
        string key = $"{levels[0].device}: {image} {string.Join(' ', levels.Select(level => $"{level.shape[2]}x{level.shape[3]}"))}";
        lock (gate)
        {
            if (!grids.TryGetValue(key, out Tensor? grid))
            {
                if (grids.Count == Capacity) Clear();
                using var scope = NewDisposeScope();
                grids[key] = grid = tensor(make().ToArray()).reshape(-1, columns).to(levels[0].device).DetachFromDisposeScope();
            }
            return grid.detach();
        }
    }

    /// <summary>Releases the cached grids.</summary>
    public void Dispose()
    {
        lock (gate) Clear();
    }

    private void Clear()
    {
        foreach (Tensor grid in grids.Values) grid.Dispose();
        grids.Clear();
    }
}
