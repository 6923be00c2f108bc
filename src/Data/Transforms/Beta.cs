namespace Vision.Data;

/// <summary>Draws from a symmetric beta distribution.</summary>
internal static class Beta
{
    /// <summary>A number in [0, 1] with mean ½; the smaller the parameter, the closer to 0 or 1;
    /// at 1 the distribution is uniform.</summary>
    public static double Sample(double alpha, Random random)
    {
        double a = Gamma(alpha, random), b = Gamma(alpha, random);
        // Both round to 0 if the parameter is tiny; then either end is equally likely.
        return a + b > 0 ? a / (a + b) : random.Next(2);
    }

    /// <summary>By rejection from a squeezed normal distribution (Marsaglia and Tsang 2000, doi:10.1145/358407.358414).</summary>
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1) return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);

        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
