namespace Vision.Evaluation;

/// <summary>The precision–recall curve of ranked detections by COCO's rules: the envelope, sampled at 101 recalls.</summary>
internal static class PrecisionRecall
{
    /// <summary>The recalls 0, 0.01 … 1 at which precision is sampled.</summary>
    public static double[] Recalls { get; } = [.. Enumerable.Range(0, 101).Select(i => i * 0.01)];

    // pycocotools' guard against 0/0, which turns the perfect precision of a single detection into 0.9999999999999998.
    private const double Ulp = 2.220446049250313e-16;

    /// <summary>Samples the curve.</summary>
    /// <param name="hits">Whether each counted detection is a true positive, highest score first.</param>
    /// <param name="positives">The number of objects to find; above 0.</param>
    /// <param name="precisions">Receives the precision at each of <see cref="Recalls"/>: the maximum at that recall or beyond, 0 past the
    /// last recall reached.</param>
    /// <param name="times">How often each detection occurs, 1 or more; empty for once each.</param>
    /// <returns>The recall reached.</returns>
    public static double Read(ReadOnlySpan<bool> hits, int positives, Span<double> precisions, ReadOnlySpan<int> times = default)
    {
        int found = 0, counted = 0;
        for (int i = 0; i < hits.Length; i++)
        {
            int copies = times.IsEmpty ? 1 : times[i];
            if (hits[i]) found += copies;
            counted += copies;
        }
        double reached = (double)found / positives;

        precisions.Clear();
        double envelope = 0;
        int next = precisions.Length - 1;
        // From the last detection backward: the envelope at a recall is the maximum precision from there on.
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            // A recall belongs to the first detection that reaches it.
            double recall = (double)found / positives;
            int copies = times.IsEmpty ? 1 : times[i];
            double before = (double)(hits[i] ? found - copies : found) / positives;
            // Of several copies of a hit, the last has the highest precision.
            envelope = Math.Max(envelope, found / (counted + Ulp));
            while (next >= 0 && Recalls[next] > recall) next--;
            while (next >= 0 && (i == 0 || Recalls[next] > before)) precisions[next--] = envelope;
            if (hits[i]) found -= copies;
            counted -= copies;
        }
        return reached;
    }
}
