using OpenCvSharp;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Detection;
using Vision.Visualization;

namespace Vision.Cli.Prediction;

/// <summary>Finds objects.</summary>
/// <param name="detector">What finds.</param>
/// <param name="score">The least score of what is drawn and written.</param>
/// <param name="json">Where detections go; null for nowhere.</param>
internal sealed class ObjectPredictor(TrainedDetector detector, float score, PredictionFile? json) : IImagePredictor
{
    private readonly DetectionPainter painter = new(detector.Categories);

    /// <inheritdoc/>
    public string Predict(Mat image, string file, int? frame)
    {
        Detections found = detector.Predict(image).Above(score);
        json?.Add(file, frame, image.Width, image.Height, found);
        painter.Draw(image, found);
        return found.Count == 0
            ? "nothing"
            : string.Join(", ", found.Labels.CountBy(label => label).OrderBy(count => count.Key).Select(count => $"{count.Value} {detector.Categories[count.Key - 1].Name}"));
    }
}
