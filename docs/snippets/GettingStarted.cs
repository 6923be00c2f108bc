using OpenCvSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Training;
using Vision.Visualization;

namespace Vision.Snippets;

internal static class GettingStarted
{
    public static void Predict()
    {
        #region predict
        string weights = PublishedFile.Resolve("coco", "fasterrcnn_resnet50_fpn")!;     // torchvision's, downloaded once
        using var detector = TrainedDetector.Load(weights, "fasterrcnn_resnet50_fpn");
        foreach (var found in detector.Predict("photo.jpg"))
            Console.WriteLine($"{found.Category.Name} {found.Score:0.00} {found.Box}");
        #endregion
    }

    public static void Draw(TrainedDetector detector)
    {
        #region draw
        using Mat image = ImageFile.Read("photo.jpg");
        new DetectionPainter(detector.Categories).Draw(image, detector.Predict(image));
        ImageOutput.Write("found.png", image);
        #endregion
    }

    public static void Video(TrainedDetector detector)
    {
        #region video
        int frames = detector.PredictVideo("street.mp4", "found.mp4");
        #endregion
        Console.WriteLine(frames);
    }
}
