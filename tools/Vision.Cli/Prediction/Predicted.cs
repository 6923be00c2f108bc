using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>A model's prediction for an image.</summary>
/// <param name="Text">A short summary.</param>
/// <param name="Finish">Writes it to the files that were requested, and draws it on the image. Called once, in the order of the images, and
/// on another thread, so that the model goes on in the meantime.</param>
internal sealed record Predicted(string Text, Action<Mat> Finish);
