using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>A model that predicts images one by one.</summary>
internal interface IImagePredictor
{
    /// <summary>Predicts an image. The image is not changed.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="file">The image's file, or the video's.</param>
    /// <param name="frame">The number of the video's frame; null for an image.</param>
    Predicted Predict(Mat image, string file, int? frame);

    /// <summary>Called after the last image: completes the files, and returns a summary of all images; null for none.</summary>
    string? Complete() => null;
}
