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
    private readonly List<(string Name, int Correct)> images = [];
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
    /// <param name="names">The images' names, to keep what each contributes; null for none.</param>
    public void Add(Tensor logits, Tensor labels, IReadOnlyList<string>? names = null)
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
            if (names is not null)
            {
                images.Add((names[i], guesses[i * width] == truth[i] ? 1 : 0));
            }
            if (guesses.AsSpan(i * width, width).Contains(truth[i])) topCorrect++;
        }
    }

    /// <summary>Writes the counts, for the process that evaluates those of several.</summary>
    internal void Write(BinaryWriter writer)
    {
        StoredCounts.Write(writer, confusion);
        writer.Write(topCorrect);
        writer.Write(images.Count);
        foreach (var (name, correct) in images)
        {
            writer.Write(name);
            writer.Write(correct);
        }
    }

    /// <summary>Adds what another process wrote.</summary>
    internal void Read(BinaryReader reader)
    {
        StoredCounts.Add(reader, confusion);
        topCorrect += reader.ReadInt64();
        for (int left = reader.ReadInt32(); left > 0; left--) images.Add((reader.ReadString(), reader.ReadInt32()));
    }

    /// <summary>The metrics of the batches added so far.</summary>
    /// <param name="notes">Remarks for readers of the metrics.</param>
    public ClassificationMetrics Metrics(IReadOnlyList<string> notes)
    {
        // Several processes take turns with the batches: by name, the order is that of a single one.
        var ordered = images.OrderBy(image => image.Name, StringComparer.Ordinal).ToArray();
        return new()
        {
            Categories = categories, Confusion = (long[,])confusion.Clone(), TopFiveCorrect = topCorrect, Notes = notes,
            Images = ordered.Length == 0 ? null
                : new() { Images = [.. ordered.Select(image => image.Name)], Correct = [.. ordered.Select(image => image.Correct)] },
        };
    }
}
