// Compares three backbones of one detector, with the same data and the same recipe.
//   dotnet run --project samples/SwapBackbone -- FOLDER [EPOCHS]
using System.Diagnostics;
using Vision.Data;
using Vision.Detection;
using Vision.Training;

var data = DetectionData.Open(args[0]);
int epochs = args.Length > 1 ? int.Parse(args[1]) : 12;
Console.WriteLine($"{"backbone",-20} {"parameters",12} {"AP",6} {"AP50",6} {"ms/image",9}");
foreach (string backbone in new[] { "resnet18", "mobilenet_v3_small", "regnet_x_400mf" })
{
    var run = DetectorTraining.Run($"fasterrcnn_{backbone}_fpn", data, new() { Epochs = epochs, MinSize = 320, MaxSize = 480 });
    using var detector = TrainedDetector.Load(run.Best);
    var boxes = detector.Evaluate(data.Validation).Boxes;

    detector.Predict(data.Validation.Samples[0].File);          // warmup: the first call compiles
    long start = Stopwatch.GetTimestamp();
    foreach (var image in data.Validation.Samples) detector.Predict(image.File);
    double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / data.Validation.Count;
    long parameters = detector.Model.parameters().Sum(parameter => parameter.numel());
    Console.WriteLine($"{backbone,-20} {parameters,12:N0} {boxes.AP,6:0.000} {boxes.AP50,6:0.000} {milliseconds,9:0.0}");
}
