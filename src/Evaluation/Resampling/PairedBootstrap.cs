namespace Vision.Evaluation;

/// <summary>
/// Says whether a difference between two models is more than chance: by the paired bootstrap (Efron and Tibshirani 1993), which evaluates
/// both models again and again on the same images, drawn anew with replacement from those that there are.
/// </summary>
/// <remarks>
/// A model that was trained several times, with different seeds, counts with the mean of its metric. Its spread is the second chance in
/// a difference: to each draw of images, an error of the means is added from Student's distribution, with the pooled variance of both
/// models' runs. So few runs give wide intervals. Without any model that was trained twice, this is unknown, and left out.
/// </remarks>
public static class PairedBootstrap
{
    private const double Tail = 0.025;

    /// <summary>Compares the first model with the second.</summary>
    /// <param name="first">The results of each run of the first model, one or more.</param>
    /// <param name="second">Those of the second, on the same images.</param>
    /// <param name="draws">How often images are drawn, 100 or more.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="InputException">The runs were not evaluated on the same images by the same metric.</exception>
    public static MetricDifference Compare(IReadOnlyList<ImageResults> first, IReadOnlyList<ImageResults> second, int draws = 2000,
        int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        if (first.Count == 0 || second.Count == 0) throw new ArgumentException("Each model needs a run.", nameof(first));
        RequireSameImages([.. first, .. second]);
        double[] ones = [.. first.Select(run => run.Value)], others = [.. second.Select(run => run.Value)];
        int images = first[0].Images.Count, freedom = ones.Length + others.Length - 2;
        // The variance of a run's metric, from both models' runs, gives that of the difference of their means.
        double scale = freedom == 0 ? 0
            : Math.Sqrt((Deviations(ones) + Deviations(others)) / freedom * (1.0 / ones.Length + 1.0 / others.Length));

        double[] differences = new double[draws];
        // Each draw has its own random numbers, so that the result does not depend on the order of the threads.
        Parallel.For(0, draws, draw =>
        {
            Random random = new(HashCode(seed, draw));
            int[] times = new int[images];
            for (int i = 0; i < images; i++) times[random.Next(images)]++;
            differences[draw] = first.Average(run => run.Of(times)) - second.Average(run => run.Of(times))
                + (freedom == 0 ? 0 : scale * Student(random, freedom));
        });
        Array.Sort(differences);
        return new(ones.Average() - others.Average(), differences[(int)(Tail * draws)], differences[draws - 1 - (int)(Tail * draws)],
            freedom > 0);
    }

    /// <summary>Whether two runs were evaluated on the same images by the same metric, and so can be compared.</summary>
    public static bool AreComparable(ImageResults first, ImageResults second) =>
        first.Metric == second.Metric && first.Images.SequenceEqual(second.Images);

    private static void RequireSameImages(ImageResults[] runs)
    {
        if (runs[0].Images.Count == 0) throw new InputException("There are no images to compare on.");
        foreach (ImageResults run in runs)
            if (!AreComparable(run, runs[0]))
                throw new InputException($"The runs cannot be compared: one was evaluated by {runs[0].Metric} on {runs[0].Images.Count} " +
                    $"images, another by {run.Metric} on {run.Images.Count} images, or on others. Evaluate all on the same images.");
    }

    private static double Deviations(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }

    private static double Student(Random random, int freedom)
    {
        double squares = 0;
        for (int i = 0; i < freedom; i++) squares += Math.Pow(Normal(random), 2);
        return Normal(random) / Math.Sqrt(squares / freedom);
    }

    // Box and Muller 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int HashCode(int seed, int draw) => unchecked((int)(((uint)seed * 0x9E3779B1) ^ ((uint)draw * 0x85EBCA77)));
}
