using System.Globalization;
using Spectre.Console;
using Vision.Onnx;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Prints how far an exported file is from its network, or from another file.</summary>
internal static class ComparisonText
{
    /// <summary>Prints it.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="kind">The kind of both models.</param>
    /// <param name="one">What stands in the network's place.</param>
    /// <param name="other">What stands in the file's place.</param>
    public static void Write(OnnxComparison comparison, ModelKind kind, string one, string other)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        (string value, string things) = kind switch
        {
            ModelKind.Classifier => ("probability", "images"),
            ModelKind.Segmenter => ("probability", "pixels"),
            _ => ("score", "objects"),
        };
        string shift = kind == ModelKind.Detector
            ? string.Create(culture, $", of a coordinate {comparison.LargestShift:0.###} pixels") : "";
        AnsiConsole.WriteLine(string.Create(culture,
            $"verified on {comparison.Images} images: the largest difference of a {value} is {comparison.LargestDifference:G2}") +
            string.Create(culture, $"{shift}; {100 * comparison.Agreement:0.###}% of the {things} have the same class"));
        (double before, double after) = comparison.Milliseconds;
        AnsiConsole.WriteLine(string.Create(culture, $"an image takes {before:0.0} ms in {one}, {after:0.0} ms in {other}"));
        foreach (var (name, network, file) in comparison.Figures)
            AnsiConsole.WriteLine(string.Create(culture, $"{name}: {network:0.0000} by {one}, {file:0.0000} by {other}"));
    }
}
