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
    /// <returns>The recall reached.</returns>
    public static double Read(ReadOnlySpan<bool> hits, int positives, Span<double> precisions)
    {
        int found = 0;
        foreach (bool hit in hits) if (hit) found++;
        double reached = (double)found / positives;

        precisions.Clear();
        double envelope = 0;
        int next = precisions.Length - 1;
        // From the last detection backward: the envelope at a recall is the maximum precision from there on.
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            // A recall belongs to the first detection that reaches it.
            double recall = (double)found / positives;
            double before = (double)(hits[i] ? found - 1 : found) / positives;
            envelope = Math.Max(envelope, found / (i + 1 + Ulp));
            while (next >= 0 && Recalls[next] > recall) next--;
            while (next >= 0 && (i == 0 || Recalls[next] > before)) precisions[next--] = envelope;
            if (hits[i]) found--;
        }
        return reached;
    }
}
