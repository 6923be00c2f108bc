// Trains a detector on a folder of annotated images, evaluates it, and prints detections.
//   dotnet run --project samples/TrainDetector -- FOLDER [EPOCHS]
using Vision.Data;
using Vision.Detection;
using Vision.Training;

var data = DetectionData.Open(args[0]);                         // COCO, Pascal VOC or YOLO
var run = DetectorTraining.Run("fasterrcnn_resnet18_fpn", data,
    new() { Epochs = args.Length > 1 ? int.Parse(args[1]) : 12, MinSize = 480, MaxSize = 640 });
if (run.UnreadableImages != "") Console.WriteLine(run.UnreadableImages);

using var detector = TrainedDetector.Load(run.Best);
Console.WriteLine($"{run.Best}: AP {detector.Evaluate(data.Validation).Boxes.AP:0.000} on {data.Validation.Count} images");
foreach (var image in data.Validation.Samples.Take(3))
    foreach (var found in detector.Predict(image.File))
        Console.WriteLine($"{image.File}: {found.Category.Name} {found.Score:0.00} at {found.Box}");
