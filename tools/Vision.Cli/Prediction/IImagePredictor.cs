using OpenCvSharp;

namespace Vision.Cli.Prediction;

/// <summary>A model that looks at images one by one.</summary>
internal interface IImagePredictor
{
    /// <summary>Predicts, draws the result on the image itself and writes it as JSON, if that is wished.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="file">The image's file, or the video's.</param>
    /// <param name="frame">The number of the video's frame; null for an image.</param>
    /// <returns>What was found, in a few words.</returns>
    string Predict(Mat image, string file, int? frame);
}
