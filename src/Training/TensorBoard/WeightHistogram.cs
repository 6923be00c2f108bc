using Vision.Ops;
using Vision.Training.Schema;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>Histograms in TensorBoard's form.</summary>
internal static class WeightHistogram
{
    private const int Bins = 30;

    /// <summary>The histogram of a tensor's finite values, in bins of equal width.</summary>
    public static Histogram Of(Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double[] values = [.. weights.detach().flatten().to(float32).ToHost<float>().Where(float.IsFinite).Select(value => (double)value)];
        if (values.Length == 0) return new() { BucketLimit = { 0 }, Bucket = { 0 } };
        (double low, double high) = (values.Min(), values.Max());
        double width = (high - low) / Bins;
        double[] counts = new double[Bins];
        foreach (double value in values) counts[width > 0 ? Math.Min(Bins - 1, (int)((value - low) / width)) : 0]++;
        Histogram histogram = new()
        {
            Min = low, Max = high, Num = values.Length, Sum = values.Sum(), SumSquares = values.Sum(value => value * value),
        };
        histogram.BucketLimit.AddRange(Enumerable.Range(1, Bins).Select(i => i == Bins ? high : low + i * width));
        histogram.Bucket.AddRange(counts);
        return histogram;
    }
}
