using OpenCvSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Evaluation;
using Vision.Onnx;
using Vision.Training;
using Vision.Visualization;
using static TorchSharp.torch;

namespace Vision.Cli.Tests;

/// <summary>The programs in README.md, between the marks; <see cref="ReadmeTests"/> compares them.</summary>
internal static class ReadmeExample
{
    public static void Train()
    {
        // README
        DataSplits<DetectionDataset> data = DetectionData.Open("photos");             // COCO, Pascal VOC or YOLO, detected automatically
        TrainingOutcome<DetectionMetrics> run = DetectorTraining.Run("fasterrcnn_resnet18_fpn", data);

        using TrainedDetector detector = TrainedDetector.Load(run.Best);              // or torchvision's .pth, with the model's name
        foreach (var found in detector.Predict("photo.jpg"))
            Console.WriteLine($"{found.Category.Name} {found.Score:0.00} {found.Box}");

        Console.WriteLine($"AP {detector.Evaluate(data.Validation).Boxes.AP:0.000}");
        detector.PredictVideo("road.mp4", "found.mp4");
        // end
    }

    public static void Draw(TrainedDetector detector)
    {
        // README
        using Mat image = ImageFile.Read("photo.jpg");
        new DetectionPainter(detector.Categories).Draw(image, detector.Predict(image));
        ImageOutput.Write("found.png", image);
        // end
    }

    public static void Classify()
    {
        // README
        using TrainedClassifier classifier = TrainedClassifier.Load("runs/birds/best.safetensors");
        var best = classifier.Predict("bird.jpg")[0];
        Console.WriteLine($"{best.Category.Name} {best.Score:0.00}");
        // end
    }

    public static void Features(Tensor images)
    {
        // README
        using Backbone backbone = BackboneRegistry.Create("resnet18", new BackboneOptions { NumClasses = 0, OutputStride = 8 });
        foreach (Stage stage in backbone.Stages)
            Console.WriteLine($"{stage.Name}: {stage.Channels} channels, stride {stage.Reduction}");

        Tensor[] features = backbone.forward_features(images, 1, -1);       // layer1, and layer4 at an eighth of the image size
        // end
    }

    public static void Export()
    {
        // README
        using (TrainedClassifier trained = TrainedClassifier.Load("runs/birds/best.safetensors"))
            Exporter.ToOnnx(trained, "birds.onnx");                             // segmenters and whole detectors, too

        using OnnxClassifier exported = OnnxClassifier.Load("birds.onnx");      // OnnxSegmenter, OnnxDetector
        Console.WriteLine(exported.Predict("bird.jpg")[0].Category.Name);
        // end
    }
}
