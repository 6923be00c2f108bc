namespace Vision.Data;

/// <summary>
/// How often an image is shown in an epoch, so that rare classes are not forgotten: repeat-factor
/// sampling (Gupta et al. 2019, arXiv:1908.03195, appendix B).
/// </summary>
internal static class RepeatFactors
{
    /// <summary>The factor of each image, at least 1: the largest over its classes of max(1, √(threshold / f)), where f is the fraction of
    /// the images that have the class.</summary>
    /// <param name="labels">The classes in each image; repetitions do not matter.</param>
    /// <param name="threshold">Classes that occur in less than this fraction of the images are shown more often; LVIS uses 0.001.</param>
    public static double[] Of(IReadOnlyList<IEnumerable<int>> labels, double threshold)
    {
        if (threshold is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold,
                "The threshold is a fraction of the images, above 0 and at most 1.");
        int[][] distinct = [.. labels.Select(own => own.Distinct().ToArray())];
        Dictionary<int, double> factors = distinct.SelectMany(own => own).CountBy(label => label)
            .ToDictionary(entry => entry.Key, entry => Math.Max(1, Math.Sqrt(threshold * distinct.Length / entry.Value)));
        return [.. distinct.Select(own => own.Select(label => factors[label]).Append(1).Max())];
    }

    /// <summary>How often each image is shown in an epoch: its factor, randomly rounded up or down so that the mean over epochs equals the
    /// factor and all epochs have the same length.</summary>
    internal static int[] Draw(double[] factors, Random random)
    {
        double rest = factors.Sum(factor => factor - Math.Floor(factor));
        // Systematic sampling: unit steps over the cumulative fractions from a random start, so that the number of steps is constant.
        double step = Math.Round(rest) > 0 ? rest / Math.Round(rest) : double.PositiveInfinity, next = step * random.NextDouble(), sum = 0;
        int[] counts = new int[factors.Length];
        int[] order = [.. Enumerable.Range(0, factors.Length)];
        random.Shuffle(order);
        foreach (int i in order)
        {
            counts[i] = (int)Math.Floor(factors[i]);
            sum += factors[i] - counts[i];
            if (next >= sum) continue;
            counts[i]++;
            next += step;
        }
        return counts;
    }

    /// <summary>Number of images in an epoch, including repetitions.</summary>
    internal static int Length(double[] factors) =>
        (int)(factors.Sum(Math.Floor) + Math.Round(factors.Sum(factor => factor - Math.Floor(factor))));
}
