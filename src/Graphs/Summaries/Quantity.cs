using System.Globalization;

namespace Vision.Graphs;

/// <summary>Large numbers in three digits.</summary>
public static class Quantity
{
    private const int DecimalStep = 1000, BinaryStep = 1024;

    private static readonly string[] prefixes = ["", "k", "M", "G", "T"];

    /// <summary>A count, such as <c>25.6 M</c>.</summary>
    public static string Of(long count) => Text(count, DecimalStep).TrimEnd();

    /// <summary>A size in memory, such as <c>97.8 MB</c>, where a MB is 2²⁰ bytes.</summary>
    public static string Bytes(long bytes) => Text(bytes, BinaryStep) + "B";

    private static string Text(double value, int step)
    {
        int prefix = 0;
        // 999.6 would be written as 1000.
        for (; value >= step - 0.5 && prefix < prefixes.Length - 1; value /= step) prefix++;
        string format = prefix == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {prefixes[prefix]}";
    }
}
