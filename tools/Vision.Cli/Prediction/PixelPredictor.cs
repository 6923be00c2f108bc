using System.Globalization;
using OpenCvSharp;
using Vision.Data;
using Vision.Segmentation;
using Vision.Visualization;

namespace Vision.Cli.Prediction;

/// <summary>Says the class of every pixel: draws them over the image, and writes them as an index PNG.</summary>
/// <param name="segmenter">What segments.</param>
/// <param name="folder">Where masks go.</param>
/// <param name="crf">What draws the borders of classes to those of the image; null for nothing.</param>
internal sealed class PixelPredictor(TrainedSegmenter segmenter, string folder, DenseCrf? crf) : IImagePredictor
{
    private const double Shown = 0.01;

    private readonly SegmentationPainter painter = new(segmenter.Categories, segmenter.Description.Colours);

    /// <inheritdoc/>
    public string Predict(Mat image, string file, int? frame)
    {
        SegmentationMap map = MapOf(image);
        string name = frame is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)}-masks/{number:D6}.png") : $"{Path.GetFileNameWithoutExtension(file)}-mask.png";
        ImageOutput.Write(Path.Combine(folder, name), map, segmenter.Description.Colours);
        painter.Draw(image, map);
        double pixels = map.Classes.Length;
        return string.Join(", ", map.Classes.CountBy(value => value).OrderByDescending(count => count.Value).Where(count => count.Value > Shown * pixels)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{segmenter.Categories[count.Key].Name} {100 * count.Value / pixels:0} %")));
    }

    private SegmentationMap MapOf(Mat image)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        TorchSharp.torch.Tensor probabilities = segmenter.Probabilities(image);
        return SegmenterViews.MapOf(crf is null ? probabilities : crf.RefineProbabilities(probabilities, image));
    }
}
