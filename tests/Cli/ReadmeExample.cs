using OpenCvSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Training;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Tests;

/// <summary>The programs in README.md, between the marks; <see cref="ReadmeTests"/> compares them.</summary>
internal static class ReadmeExample
{
    public static void Detect()
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

    public static void Classify(Mat image)
    {
        // README
        using TrainedClassifier classifier = TrainedClassifier.Load("runs/birds/best.safetensors");
        ClassScores scores = classifier.Predict(image);
        Console.WriteLine($"{classifier.Categories[scores.Labels[0]].Name} {scores.Scores[0]:F2}");
        // end
    }

    public static void Features(Tensor images)
    {
        // README
        using Backbone backbone = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0, OutputStride = 8 });
        foreach (Stage stage in backbone.Stages)
            Console.WriteLine($"{stage.Name}: {stage.Channels} channels, stride {stage.Reduction}");

        Tensor[] features = backbone.forward_features(images, 1, -1);       // layer1 and layer4, dilated to an eighth of the images' size
        // end
    }
}
