using System.Globalization;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>A memory certificate in words.</summary>
internal static class MemoryText
{
    private const double Gigabyte = 1e9;

    /// <summary>One line: what is needed, what there is, and what fits.</summary>
    public static string Of(MemoryCertificate memory)
    {
        string needs = string.Create(CultureInfo.InvariantCulture,
            $"needs {Figure(memory.Needed)} GB of {Figure(memory.Limit)} of memory, with images of up to " +
            $"{memory.ImageSize.Width}×{memory.ImageSize.Height} pixels");
        if (memory.Fits) return $"{needs}; the largest batch that fits is {memory.LargestBatch}";
        string remedy = memory.LargestBatch == 0 ? "not even one image fits: make images smaller, or choose a smaller model"
            : $"use --batch-size {memory.LargestBatch}" +
                (memory.BatchSize >= 2 * memory.LargestBatch ? $" --accumulate {memory.BatchSize / memory.LargestBatch}" : "");
        return $"warning: {needs}, which will probably fail; {remedy}";
    }

    private static string Figure(long bytes) =>
        (bytes / Gigabyte).ToString(bytes < 10 * Gigabyte ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
