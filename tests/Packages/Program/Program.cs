// Draws a tiny data set, trains a detector on it for one epoch, and asks it what it sees.
using System.Text.Json;
using OpenCvSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Training;

const int size = 64, square = 24;
Directory.CreateDirectory("data/annotations");
foreach (string split in new[] { "train", "val" })
{
    Directory.CreateDirectory($"data/{split}");
    for (int id = 1; id <= 4; id++)
    {
        using Mat image = new(size, size, MatType.CV_8UC3, new Scalar(40, 40, 40));
        Cv2.Rectangle(image, new Rect(8 * id, 4 * id, square, square), new Scalar(60, 200, 250), -1);
        Cv2.ImWrite($"data/{split}/{id}.png", image);
    }
    File.WriteAllText($"data/annotations/instances_{split}.json", JsonSerializer.Serialize(new
    {
        images = Enumerable.Range(1, 4).Select(id => new { id, file_name = $"{id}.png", width = size, height = size }),
        categories = new[] { new { id = 1, name = "square" } },
        annotations = Enumerable.Range(1, 4).Select(id => new
        {
            id, image_id = id, category_id = 1, iscrowd = 0, area = square * square, bbox = new[] { 8 * id, 4 * id, square, square },
        }),
    }));
}

var data = DetectionData.Open("data");
var run = DetectorTraining.Run("fasterrcnn_resnet18_fpn", data, new() { Epochs = 1, MinSize = size, MaxSize = size });

using var detector = TrainedDetector.Load(run.Best);
detector.ScoreThreshold = 0;
var found = detector.Predict("data/val/1.png");
Console.WriteLine($"trained on {data.Train.Count} images, AP {run.Metrics!.Boxes.AP:0.000}");
Console.WriteLine($"{found.Count} boxes, the first a {found[0].Category.Name}");
