using System.Globalization;
using Vision.Onnx;

namespace Vision.Cli.Exporting;

/// <summary>Decides whether computing with 8-bit integers is worth what it costs.</summary>
internal static class Int8Verdict
{
    // A point of accuracy, mean IoU or AP.
    private const double TooMuch = 0.01;

    /// <summary>Why it is not, with the figures and what to do; null if it is.</summary>
    /// <param name="comparison">Of the same network's file in float32, in the place of the network, with that in 8-bit integers.</param>
    public static string? Against(OnnxComparison comparison)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        List<string> reasons = [];
        (double exact, double integers) = comparison.Milliseconds;
        if (integers >= exact)
            reasons.Add(string.Create(culture, $"an image takes {integers:0.0} ms here, and {exact:0.0} ms in float32"));
        foreach (var (name, before, after) in comparison.Figures)
            if (Math.Round(before - after, 6) >= TooMuch)
                reasons.Add(string.Create(culture, $"{name} falls from {before:0.0000} to {after:0.0000}"));
        return reasons.Count == 0 ? null
            : $"with 8-bit integers, {string.Join(", and ", reasons)}. Leave --int8 out; or, if the file is for another machine, leave " +
                "--verify out, and compare there with \"vision eval\" and \"vision bench\".";
    }
}
