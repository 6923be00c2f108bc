using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Evaluation;

/// <summary>Counts correct and wrong predictions of a classifier.</summary>
public sealed class ClassificationResults
{
    private const int Top = 5;

    private readonly IReadOnlyList<Category> categories;
    private readonly long[,] confusion;
    private long topCorrect;

    /// <summary>Starts with no images.</summary>
    /// <param name="categories">The classes, in the order of the logits.</param>
    public ClassificationResults(IReadOnlyList<Category> categories)
    {
        this.categories = categories;
        confusion = new long[categories.Count, categories.Count];
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="logits">[N, C].</param>
    /// <param name="labels">int64 [N], starting at 0.</param>
    public void Add(Tensor logits, Tensor labels)
    {
        if (logits.shape[1] != categories.Count)
            throw new ArgumentException($"There are {logits.shape[1]} logits for {categories.Count} classes.", nameof(logits));
        using var scope = NewDisposeScope();
        (_, Tensor top) = logits.topk(Math.Min(Top, categories.Count), 1);                      // [N, 5], most probable first
        long[] guesses = top.ToHost<long>(), truth = labels.ToHost<long>();
        int width = guesses.Length / truth.Length;
        for (int i = 0; i < truth.Length; i++)
        {
            confusion[truth[i], guesses[i * width]]++;
            if (guesses.AsSpan(i * width, width).Contains(truth[i])) topCorrect++;
        }
    }

    /// <summary>Writes the counts, for the process that evaluates those of several.</summary>
    internal void Write(BinaryWriter writer)
    {
        StoredCounts.Write(writer, confusion);
        writer.Write(topCorrect);
    }

    /// <summary>Adds what another process wrote.</summary>
    internal void Add(BinaryReader reader)
    {
        StoredCounts.Add(reader, confusion);
        topCorrect += reader.ReadInt64();
    }

    /// <summary>The metrics of the batches added so far.</summary>
    /// <param name="notes">Remarks for readers of the metrics.</param>
    public ClassificationMetrics Metrics(IReadOnlyList<string> notes) =>
        new() { Categories = categories, Confusion = (long[,])confusion.Clone(), TopFiveCorrect = topCorrect, Notes = notes };
}
