using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>A model that takes images one by one.</summary>
internal interface IImagePredictor
{
    /// <summary>Predicts, and writes the result to files where asked to. The image stays as it is.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="file">The image's file, or the video's.</param>
    /// <param name="frame">The number of the video's frame; null for an image.</param>
    Predicted Predict(Mat image, string file, int? frame);

    /// <summary>After the last image: completes its files, and says what is to be said of all together; null for nothing.</summary>
    string? Complete() => null;
}
