using System.Diagnostics;
using System.Text.Json;
using OpenCvSharp;
using Vision.Segmentation;
using Vision.Testing;
using Vision.Visualization;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Samples.Tests;

/// <summary>The programs in samples/, run as a user runs them.</summary>
public class SamplesTests
{
    private const int Images = 6, Width = 96, Height = 64;

    private static readonly TimeSpan timeLimit = TimeSpan.FromMinutes(4);

    [Fact]
    public void TrainDetector()
    {
        using TempFolder folder = new();
        WriteCoco(folder);
        string output = Run("TrainDetector", folder, folder["data"], "1");
        Assert.Matches(@"runs/fasterrcnn_resnet18_fpn-1/best\.safetensors: AP (0|1)\.\d{3} on 1 images", output);
        Assert.True(File.Exists(folder["runs/fasterrcnn_resnet18_fpn-1/precision-recall.png"]));
    }

    [Fact]
    public void SwapBackbone()
    {
        using TempFolder folder = new();
        WriteCoco(folder);
        string[] lines = Run("SwapBackbone", folder, folder["data"], "1").Split('\n');
        foreach (string backbone in (string[])["resnet18", "mobilenet_v3_small", "regnet_x_400mf"])
            Assert.Contains(lines, line => line.StartsWith($"{backbone} ", StringComparison.Ordinal)
                && line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5);
    }

    [Fact]
    public void CustomDataset()
    {
        using TempFolder folder = new();
        IEnumerable<string> rows = Scenes(folder["images"]).Select(scene =>
            $"images/{scene.File},{scene.Name},{scene.Place.Left},{scene.Place.Top},{scene.Place.Right},{scene.Place.Bottom}");
        File.WriteAllLines(folder["objects.csv"], rows);
        Assert.Contains("best.safetensors: disc, square", Run("CustomDataset", folder, folder["objects.csv"], "1"));
    }

    [Fact]
    public void CustomHead()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["data/masks/train"]);
        foreach (var scene in Scenes(folder["data/images/train"]))
        {
            using Mat mask = new(Height, Width, MatType.CV_8UC1, Scalar.All(0));
            Cv2.Rectangle(mask, scene.Place, Scalar.All(scene.Name == "disc" ? 1 : 2), -1);
            Cv2.ImWrite(folder[$"data/masks/train/{scene.File}"], mask);
        }
        File.WriteAllLines(folder["data/classes.txt"], ["background", "disc", "square"]);
        Assert.Matches(@"plain_resnet18-1/best\.safetensors: mIoU 0\.\d{3}", Run("CustomHead", folder, folder["data"], "1"));
    }

    [Fact]
    public void SegmentVideo()
    {
        using TempFolder folder = new();
        using var scope = NewDisposeScope();
        SegmenterOptions options = new() { NumClasses = 3 };
        using (Segmenter network = SegmenterCatalog.Create("lraspp_mobilenet_v3_large", options))
        {
            SegmenterDescription description = new()
            {
                Model = "lraspp_mobilenet_v3_large", Options = options, Categories = [new(0, "road"), new(1, "sky"), new(2, "car")],
            };
            WeightFile.WriteSafetensors(folder["weights.safetensors"], network.state_dict(), description.ToMetadata());
        }
        using (VideoSink sink = new(folder["road.avi"], 10))
        {
            using Mat frame = new(Height, Width, MatType.CV_8UC3, Scalar.All(90));
            for (int i = 0; i < 5; i++) sink.Write(frame);
            sink.Complete();
        }
        Assert.Contains("5 frames, 3 classes",
            Run("SegmentVideo", folder, folder["road.avi"], folder["out.mp4"], folder["weights.safetensors"]));
        using VideoReader written = VideoReader.Open(folder["out.mp4"]);
        Assert.Equal(5, written.Frames().Count());
    }

    private static string Run(string sample, TempFolder folder, params string[] arguments)
    {
        string program = Path.Combine(Repository.Root, "samples", sample, "bin", "Release", "net10.0", $"{sample}.dll");
        ProcessStartInfo info = new("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        };
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{sample} has not ended after {timeLimit.TotalMinutes} minutes.");
        }
        Assert.True(process.ExitCode == 0, $"{sample} ended with exit code {process.ExitCode}:\n{errors.Result}\n{output.Result}");
        return output.Result;
    }

    /// <summary>A bright disc or square on noise in each image.</summary>
    private static List<(string File, string Name, Rect Place)> Scenes(string images)
    {
        Directory.CreateDirectory(images);
        Random random = new(3);
        List<(string, string, Rect)> scenes = [];
        for (int i = 1; i <= Images; i++)
        {
            using Mat image = new(Height, Width, MatType.CV_8UC3);
            random.NextBytes(image.AsSpan<byte>());
            int side = random.Next(20, 40);
            Rect place = new(random.Next(Width - side), random.Next(Height - side), side, side);
            bool isDisc = i % 2 == 0;
            if (isDisc) Cv2.Circle(image, new Point(place.X + side / 2, place.Y + side / 2), side / 2, new Scalar(60, 220, 60), -1);
            else Cv2.Rectangle(image, place, new Scalar(220, 60, 220), -1);
            Cv2.ImWrite(Path.Combine(images, $"{i}.png"), image);
            scenes.Add(($"{i}.png", isDisc ? "disc" : "square", place));
        }
        return scenes;
    }

    private static void WriteCoco(TempFolder folder)
    {
        var scenes = Scenes(folder["data/images/train"]);
        Directory.CreateDirectory(folder["data/annotations"]);
        File.WriteAllText(folder["data/annotations/instances_train.json"], JsonSerializer.Serialize(new
        {
            images = scenes.Select((scene, i) => new { id = i + 1, file_name = scene.File, width = Width, height = Height }),
            annotations = scenes.Select((scene, i) => new
            {
                id = i + 1, image_id = i + 1, category_id = scene.Name == "disc" ? 1 : 2, iscrowd = 0,
                area = scene.Place.Width * scene.Place.Height,
                bbox = (int[])[scene.Place.X, scene.Place.Y, scene.Place.Width, scene.Place.Height],
            }),
            categories = (object[])[new { id = 1, name = "disc" }, new { id = 2, name = "square" }],
        }));
    }
}
