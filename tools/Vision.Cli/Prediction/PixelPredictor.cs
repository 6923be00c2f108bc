using System.Globalization;
using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using Vision.Visualization;

namespace Vision.Cli.Prediction;

/// <summary>Segments images: draws the classes over the image, writes them as index PNGs,
/// and writes the classes' areas as a table.</summary>
internal sealed class PixelPredictor : IImagePredictor, IDisposable
{
    private const double Shown = 0.01;

    private readonly ImageSegmenter segmenter;
    private readonly string folder;
    private readonly SegmentationPostprocessor decision;
    private readonly SegmentationPainter painter;
    private readonly AreaTable areas;

    /// <summary>Creates the predictor.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="folder">The folder for masks and the table of areas.</param>
    /// <param name="areas">The name of the table.</param>
    /// <param name="decision">Predicts classes. The predictor takes ownership.</param>
    public PixelPredictor(ImageSegmenter segmenter, string folder, string areas, SegmentationPostprocessor decision)
    {
        (this.segmenter, this.folder, this.decision) = (segmenter, folder, decision);
        painter = new(segmenter.Categories, segmenter.Colors);
        this.areas = new(Path.Combine(folder, areas), segmenter.Categories);
    }

    /// <inheritdoc/>
    public Predicted Predict(Mat image, string file, int? frame)
    {
        SegmentationMap map = decision.Of(segmenter, image);
        double[] shares = areas.SharesIn(map);
        string name = Path.GetFileNameWithoutExtension(file);
        string mask = frame is { } number
            ? Path.Combine($"{name}-masks", string.Create(CultureInfo.InvariantCulture, $"{number:D6}.png"))
            : $"{name}-mask.png";
        string text = string.Join(", ", Enumerable.Range(0, shares.Length)
            .OrderByDescending(label => shares[label]).Where(label => shares[label] > Shown)
            .Select(label => string.Create(CultureInfo.InvariantCulture, $"{segmenter.Categories[label].Name} {100 * shares[label]:0} %")));
        return new(text, drawn =>
        {
            decision.Measure(drawn, map);
            ImageOutput.Write(Path.Combine(folder, mask), map, segmenter.Colors);
            areas.Add(file, frame, shares);
            painter.Draw(drawn, map);
        });
    }

    /// <inheritdoc/>
    public string? Complete()
    {
        areas.Complete();
        return decision.Flicker is { } flicker
            ? string.Create(CultureInfo.InvariantCulture,
                $"flicker: {100 * flicker:0.00}% of the static pixels change class from frame to frame")
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        areas.Dispose();
        decision.Dispose();
    }
}
