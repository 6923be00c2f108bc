using OpenCvSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Detects objects in images.</summary>
/// <param name="detector">The detector.</param>
/// <param name="json">The file for the detections; null for none.</param>
/// <param name="heatMap">The heat map of objectness to draw under the boxes; null for none.</param>
/// <param name="tracker">Tracks objects from image to image; null for unrelated images.</param>
internal sealed class ObjectPredictor(ObjectDetector detector, PredictionFile? json, Func<Mat, Tensor>? heatMap, IouTracker? tracker)
    : IImagePredictor
{
    private readonly DetectionPainter painter = new(detector.Categories);

    /// <inheritdoc/>
    public Predicted Predict(Mat image, string file, int? frame)
    {
        Detections found = detector.Predict(image);
        if (tracker is not null) found = tracker.Update(found);
        json?.Add(file, frame, image.Width, image.Height, found);
        Tensor? map = heatMap?.Invoke(image);
        string text = found.Count == 0
            ? "nothing"
            : string.Join(", ", found.Labels.CountBy(label => label).OrderBy(count => count.Key)
                .Select(count => $"{count.Value} {detector.Categories[count.Key - 1].Name}"));
        return new(text, drawn =>
        {
            if (map is not null)
            {
                using (map) HeatMapPainter.Draw(drawn, map, (0, 1));
            }
            painter.Draw(drawn, found);
        });
    }
}
