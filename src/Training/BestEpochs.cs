using System.Globalization;

namespace Vision.Training;

/// <summary>The epochs with the best scores, whose weights are kept.</summary>
internal sealed class BestEpochs
{
    private readonly RunFolder files;
    private readonly HashSet<int> epochs;
    private readonly int done;

    /// <summary>Finds them; of equal ones, the earlier.</summary>
    /// <param name="files">The files of the run.</param>
    /// <param name="scores">The score of each epoch.</param>
    /// <param name="count">How many to keep.</param>
    public BestEpochs(RunFolder files, IReadOnlyList<double> scores, int count)
    {
        this.files = files;
        done = scores.Count;
        epochs = [.. Enumerable.Range(1, done).OrderByDescending(epoch => scores[epoch - 1]).Take(count)];
    }

    /// <summary>Whether an epoch, starting at 1, is among them.</summary>
    public bool Contains(int epoch) => epochs.Contains(epoch);

    /// <summary>Deletes the weights of other epochs.</summary>
    public void RemoveOthers()
    {
        for (int epoch = 1; epoch <= done; epoch++)
            if (!Contains(epoch)) File.Delete(files.OfEpoch(epoch));
    }
}
