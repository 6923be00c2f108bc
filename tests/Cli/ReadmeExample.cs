using OpenCvSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Visualization;

namespace Vision.Cli.Tests;

/// <summary>The program in README.md, between the marks; <see cref="ReadmeTests"/> compares them.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        // README
        using TrainedDetector detector = TrainedDetector.Load("runs/cells/best.safetensors");
        using Mat image = ImageFile.Read("photo.jpg");

        Detections found = detector.Predict(image).Above(0.5f);
        for (int i = 0; i < found.Count; i++)
            Console.WriteLine($"{detector.Categories[found.Labels[i] - 1].Name} {found.Scores[i]:F2} at {found.Boxes[i]}");

        new DetectionPainter(detector.Categories).Draw(image, found);
        ImageOutput.Write("found.png", image);
        // end
    }
}
