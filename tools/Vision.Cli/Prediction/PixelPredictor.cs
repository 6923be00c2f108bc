using System.Globalization;
using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Says the class of every pixel: draws them over the image, and writes them as index PNGs, and the classes' areas as a table.</summary>
internal sealed class PixelPredictor : IImagePredictor, IDisposable
{
    private const double Shown = 0.01;

    private readonly TrainedSegmenter segmenter;
    private readonly string folder;
    private readonly DenseCrf? crf;
    private readonly FlowSmoother? smoother;
    private readonly FlickerMeter flicker = new();
    private readonly SegmentationPainter painter;
    private readonly AreaTable areas;

    /// <summary>Names what it needs.</summary>
    /// <param name="segmenter">What segments.</param>
    /// <param name="folder">Where masks and the table of areas go.</param>
    /// <param name="crf">What draws the borders of classes to those of the image; null for nothing.</param>
    /// <param name="smoother">What keeps frames from flickering; null for images that have nothing to do with each other.</param>
    public PixelPredictor(TrainedSegmenter segmenter, string folder, DenseCrf? crf, FlowSmoother? smoother)
    {
        (this.segmenter, this.folder, this.crf, this.smoother) = (segmenter, folder, crf, smoother);
        painter = new(segmenter.Categories, segmenter.Description.Colours);
        areas = new(Path.Combine(folder, "areas.csv"), segmenter.Categories);
    }

    /// <inheritdoc/>
    public Seen Look(Mat image, string file, int? frame)
    {
        SegmentationMap map = MapOf(image);
        string name = Path.GetFileNameWithoutExtension(file);
        string mask = frame is { } number ? Path.Combine($"{name}-masks", string.Create(CultureInfo.InvariantCulture, $"{number:D6}.png")) : $"{name}-mask.png";
        ImageOutput.Write(Path.Combine(folder, mask), map, segmenter.Description.Colours);
        double[] shares = areas.Add(file, frame, map);
        if (frame is not null) flicker.Add(image, map);
        string text = string.Join(", ", Enumerable.Range(0, shares.Length).OrderByDescending(label => shares[label]).Where(label => shares[label] > Shown)
            .Select(label => string.Create(CultureInfo.InvariantCulture, $"{segmenter.Categories[label].Name} {100 * shares[label]:0} %")));
        return new(text, drawn => painter.Draw(drawn, map));
    }

    /// <inheritdoc/>
    public string? Complete()
    {
        areas.Complete();
        return flicker.Value < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"flicker: {100 * flicker.Value:0.00} % of the still pixels change their class from frame to frame");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        areas.Dispose();
        flicker.Dispose();
        smoother?.Dispose();
    }

    private SegmentationMap MapOf(Mat image)
    {
        using var scope = NewDisposeScope();
        Tensor probabilities = segmenter.Probabilities(image);                                          // [C, H, W]
        if (crf is not null) probabilities = crf.RefineProbabilities(probabilities, image);
        if (smoother is not null) probabilities = smoother.Smooth(image, probabilities);
        return SegmenterViews.MapOf(probabilities);
    }
}
