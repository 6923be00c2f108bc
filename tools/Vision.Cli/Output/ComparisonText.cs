using System.Globalization;
using Spectre.Console;
using Vision.Onnx;
using Vision.Training;

namespace Vision.Cli.Output;

/// <summary>Prints how far an exported file is from its network.</summary>
internal static class ComparisonText
{
    /// <summary>Prints it.</summary>
    public static void Write(OnnxComparison comparison, ModelKind kind)
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
        (double ofNetwork, double ofFile) = comparison.Milliseconds;
        if (ofNetwork > 0)
            AnsiConsole.WriteLine(string.Create(culture, $"an image takes {ofNetwork:0.0} ms in the network, {ofFile:0.0} ms in the file"));
        foreach (var (name, network, file) in comparison.Figures)
            AnsiConsole.WriteLine(string.Create(culture, $"{name}: {network:0.0000} by the network, {file:0.0000} by the file"));
    }
}
