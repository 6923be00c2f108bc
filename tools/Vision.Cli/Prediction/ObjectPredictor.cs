using OpenCvSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Finds objects.</summary>
/// <param name="detector">What finds.</param>
/// <param name="score">The least score of what is drawn and written.</param>
/// <param name="json">Where detections go; null for nowhere.</param>
/// <param name="heatMap">Whether to show the objectness of regions under the boxes.</param>
/// <param name="tracker">What follows objects from image to image; null for images that have nothing to do with each other.</param>
internal sealed class ObjectPredictor(TrainedDetector detector, float score, PredictionFile? json, bool heatMap, IouTracker? tracker) : IImagePredictor
{
    private readonly DetectionPainter painter = new(detector.Categories);

    /// <inheritdoc/>
    public string Predict(Mat image, string file, int? frame)
    {
        Detections found = detector.Predict(image).Above(score);
        if (tracker is not null) found = tracker.Update(found);
        json?.Add(file, frame, image.Width, image.Height, found);
        if (heatMap)
        {
            using Tensor map = detector.Objectness(image);
            HeatMapPainter.Draw(image, map, (0, 1));
        }
        painter.Draw(image, found);
        return found.Count == 0
            ? "nothing"
            : string.Join(", ", found.Labels.CountBy(label => label).OrderBy(count => count.Key).Select(count => $"{count.Value} {detector.Categories[count.Key - 1].Name}"));
    }
}
