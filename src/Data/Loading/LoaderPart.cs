namespace Vision.Data;

/// <summary>The part of each epoch that one of several processes loads; together they load everything exactly once.</summary>
/// <param name="Rank">The process, starting at 0.</param>
/// <param name="Size">The number of processes.</param>
/// <param name="WholeBatches">Whether a process takes every <paramref name="Size"/>-th batch; otherwise it takes its share of the images of
/// every batch, which differ by one at most, and then the batches of an index have the same images together as without parts.</param>
public sealed record LoaderPart(int Rank, int Size, bool WholeBatches = false)
{
    /// <summary>The jobs of this process in a batch.</summary>
    internal int[] Of(int[] batch, int index) =>
        WholeBatches ? index % Size == Rank ? batch : []
        : batch[(int)((long)batch.Length * Rank / Size)..(int)((long)batch.Length * (Rank + 1) / Size)];
}
