using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>What a model says of an image.</summary>
/// <param name="Text">In a few words.</param>
/// <param name="Draw">Draws it on the image; may be called on another thread.</param>
internal sealed record Predicted(string Text, Action<Mat> Draw);
