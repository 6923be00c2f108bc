namespace Vision.Evaluation;

/// <summary>Which images were classified correctly; the metric is the fraction of them.</summary>
public sealed record ClassificationImageResults : ImageResults
{
    /// <inheritdoc/>
    public override string Metric => "top1";

    /// <summary>1 for each image whose class was predicted, 0 for the others.</summary>
    public required IReadOnlyList<int> Correct { get; init; }

    private protected override double Compute(int[] times)
    {
        long correct = 0, total = 0;
        for (int i = 0; i < times.Length; i++)
        {
            correct += (long)times[i] * Correct[i];
            total += times[i];
        }
        return total > 0 ? (double)correct / total : -1;
    }

    internal override void Validate() => Require(Correct.Count == Images.Count);
}
