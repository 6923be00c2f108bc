using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>A model's prediction for an image.</summary>
/// <param name="Text">A short summary.</param>
/// <param name="Draw">Draws it on the image; may be called on another thread.</param>
internal sealed record Predicted(string Text, Action<Mat> Draw);
