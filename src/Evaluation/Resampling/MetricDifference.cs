namespace Vision.Evaluation;

/// <summary>By how much the metric of one model exceeds that of another, and how sure that is.</summary>
/// <param name="Difference">The difference of the metrics, or of their means over several runs each.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end of the 95 % interval.</param>
/// <param name="Seeds">Whether the interval also covers the randomness of training, because one of the models was trained several times;
/// if not, only that of the choice of images.</param>
public sealed record MetricDifference(double Difference, double Low, double High, bool Seeds)
{
    /// <summary>Whether the difference is real: 0 lies outside the interval.</summary>
    public bool IsReal => Low > 0 || High < 0;
}
