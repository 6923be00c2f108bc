using TorchSharp;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// Keeps boxes or cells that depend on the shapes of feature maps alone. Safe for several threads that predict with one model: each caller
/// gets a handle of its own to the same memory, which lives for as long as any of them.
/// </summary>
internal sealed class GridCache : IDisposable
{
    /// <summary>Grids that are kept: a folder or a video has few shapes, a training with random scales many.</summary>
    private const int Capacity = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Tensor> grids = [];

    /// <summary>The grid of these levels, float32 [A, columns]; it belongs to the caller's dispose scope.</summary>
    /// <param name="levels">[N, C, Hᵢ, Wᵢ], finest first; only the shapes and the device matter.</param>
    /// <param name="image">The size of the image.</param>
    /// <param name="columns">Numbers in a row.</param>
    /// <param name="make">Makes the rows where they are not kept.</param>
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

    /// <summary>Lets go of what is kept.</summary>
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
