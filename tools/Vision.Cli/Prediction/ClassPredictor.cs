using System.Globalization;
using OpenCvSharp;
using Vision.Classification;
using Vision.Cli.Output;
using Vision.Data;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Prediction;

/// <summary>Classifies images.</summary>
/// <param name="classifier">The classifier.</param>
/// <param name="score">The minimum score of classes to draw and write.</param>
/// <param name="json">The file for the classes; null for none.</param>
/// <param name="heatMap">The heat map of the most probable class to draw under it; null for none.</param>
internal sealed class ClassPredictor(ImageClassifier classifier, float score, PredictionFile? json, Func<Mat, Tensor>? heatMap)
    : IImagePredictor
{
    private const int Shown = 5;

    private readonly ClassificationPainter painter = new(classifier.Categories);

    /// <inheritdoc/>
    public Predicted Predict(Mat image, string file, int? frame)
    {
        ClassScores found = classifier.Predict(image).Top(Shown, score);
        json?.Add(file, frame, image.Width, image.Height, found);
        Tensor? map = heatMap?.Invoke(image);
        string text = found.Labels.Length == 0
            ? "nothing"
            : string.Join(", ", found.Labels.Zip(found.Scores, (label, value) =>
                string.Create(CultureInfo.InvariantCulture, $"{classifier.Categories[label].Name} {value:F2}")));
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
