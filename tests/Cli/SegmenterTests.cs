using System.Diagnostics;
using System.Text.Json;
using OpenCvSharp;
using Vision.Data;
using Vision.Testing;
using Vision.Visualization;

namespace Vision.Cli.Tests;

/// <summary>Segmenters from training to prediction, in processes as a user starts them.</summary>
public sealed class SegmenterTests : IClassFixture<SegmenterTests.Trained>
{
    private const string Model = "deeplabv3_resnet18";

    private readonly Trained trained;

    public SegmenterTests(Trained trained) => this.trained = trained;

    /// <summary>A segmenter that the command line trained on colored rectangles.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly TempFolder folder = new();

        public Trained()
        {
            WriteImages(Data, "train", 12, seed: 1);
            WriteImages(Data, "val", 3, seed: 2);
            File.WriteAllLines(Path.Combine(Data, "classes.txt"), ["ground", "red", "blue"]);
            Output = Tool.Run("train", Model, "--data", Data, "--min-size", "64", "--output-stride", "16", "--epochs", "8",
                "--batch-size", "3", "--crop-size", "48", "--scales", "1", "1", "--lr", "0.02",
                "--loss", "cross-entropy+dice", "--class-weights", "--out", Run).Succeeded();
        }

        public string Data => folder["data"];

        public string Run => folder["run"];

        public string Weights => Path.Combine(Run, "best.safetensors");

        public string Output { get; }

        public void Dispose() => folder.Dispose();
    }

    [Fact]
    public void TrainingSaysWhatItDoesAndLeavesWeightsMetricsAndPlots()
    {
        Assert.Contains("12 images of 3 classes: ground, red, blue", trained.Output);
        Assert.Contains("validating on data/val: 3 images", trained.Output);
        Assert.Contains("images cropped to 72×48 pixels, stride 16", trained.Output);
        string[] files =
            ["best.safetensors", "last.safetensors", "metrics.csv", "metrics.jsonl", "loss.png", "classes.png", "confusion.png"];
        foreach (string file in files)
            Assert.True(new FileInfo(Path.Combine(trained.Run, file)) is { Exists: true, Length: > 0 }, $"There is no {file}.");
    }

    [Fact]
    public void AnExportedFileColorsTheSamePixels()
    {
        using TempFolder folder = new();
        string file = folder["rectangles.onnx"], images = Path.Combine(trained.Data, "images", "val");
        string output = Tool.Run("export", Model, "--weights", trained.Weights, "--out", file, "--verify", trained.Data).Succeeded();
        Assert.Contains("verified on 3 images", output);
        Assert.Matches(@"mIoU: (0\.\d+) by the network, \1 by the file", output);

        Tool.Run("predict", Model, "--weights", trained.Weights, "--source", images, "--out", folder["a"]).Succeeded();
        Tool.Run("predict", file, "--source", images, "--out", folder["b"]).Succeeded();
        string[] masks = [.. Directory.GetFiles(folder["a"], "*-mask.png").Select(path => Path.GetFileName(path))];
        Assert.Equal(3, masks.Length);
        foreach (string mask in masks)
            Assert.Equal(File.ReadAllBytes(folder[$"a/{mask}"]), File.ReadAllBytes(folder[$"b/{mask}"]));
    }

    [Fact]
    public void EvalWritesTheOverlapOfEachClass()
    {
        using TempFolder folder = new();
        Tool.Run("eval", Model, "--weights", trained.Weights, "--data", trained.Data, "--json", folder["metrics.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["metrics.json"]));
        double mean = json.RootElement.GetProperty("metrics").GetProperty("mIoU").GetDouble();
        Assert.InRange(mean, 0.4, 1);
        Assert.Equal(["ground", "red", "blue"], json.RootElement.GetProperty("per_class").EnumerateObject().Select(entry => entry.Name));
        Assert.Equal(mean, json.RootElement.GetProperty("per_class")
            .EnumerateObject().Average(entry => entry.Value.GetProperty("IoU").GetDouble()), 1e-9);
    }

    [Fact]
    public void FramesAreMeasuredInTheirOrder()
    {
        using TempFolder folder = new();
        // A still video: the same frame three times.
        foreach (string kind in (string[])["images", "masks"])
        {
            Directory.CreateDirectory(folder[$"still/{kind}/val"]);
            for (int i = 0; i < 3; i++) File.Copy(Path.Combine(trained.Data, kind, "val", "0.png"), folder[$"still/{kind}/val/{i}.png"]);
        }
        File.Copy(Path.Combine(trained.Data, "classes.txt"), folder["still/classes.txt"]);
        string[] arguments = ["eval", Model, "--weights", trained.Weights, "--data", folder["still"], "--flip", "--window", "64",
            "--json", folder["metrics.json"]];
        Tool.Run([.. arguments, "--sequence"]).Succeeded();
        Assert.Equal(0, Metrics().GetProperty("flicker").GetDouble());
        Tool.Run(arguments).Succeeded();
        Assert.False(Metrics().TryGetProperty("flicker", out _));
        Tool.Run("eval", Model, "--weights", trained.Weights, "--data", trained.Data, "--smooth", "1")
            .FailedWith("--smooth is 1; it must be 0 or more, and less than 1.");

        JsonElement Metrics() => JsonDocument.Parse(File.ReadAllText(folder["metrics.json"])).RootElement.GetProperty("metrics");
    }

    [Fact]
    public void PredictWritesMasksAreasAndOverlays()
    {
        using TempFolder folder = new();
        string source = Path.Combine(trained.Data, "images", "val");
        string output = Tool.Run("predict", Model, "--weights", trained.Weights, "--source", source, "--out", folder["out"],
            "--scales", "0.75", "1", "--flip", "--crf").Succeeded();
        Assert.Matches(@"0\.png: (ground|red|blue) \d+ %", output);
        using Mat image = ImageFile.Read(Path.Combine(source, "0.png")), overlay = ImageFile.Read(folder["out/0.png"]);
        Assert.Equal(image.Size(), overlay.Size());
        Assert.NotEqual(image.AsSpan<byte>().ToArray(), overlay.AsSpan<byte>().ToArray());

        // What was written is a mask that the toolkit itself would learn from.
        string again = Directory.CreateDirectory(folder["again/images"]).FullName,
            masks = Directory.CreateDirectory(folder["again/masks"]).FullName;
        File.Copy(Path.Combine(source, "0.png"), Path.Combine(again, "0.png"));
        File.Copy(folder["out/0-mask.png"], Path.Combine(masks, "0.png"));
        File.WriteAllLines(folder["again/classes.txt"], ["ground", "red", "blue"]);
        SegmentationMap map = SegmentationReader.Read(folder["again"]).Samples[0].ReadMap();
        Assert.Equal((image.Width, image.Height), (map.Width, map.Height));

        string[] lines = File.ReadAllLines(folder["out/areas.csv"]);
        Assert.Equal("file,frame,ground,red,blue", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.Equal(1, lines[1].Split(',')[2..].Sum(share => double.Parse(share, System.Globalization.CultureInfo.InvariantCulture)),
            1e-4);
    }

    [Fact]
    public void WithoutAFolderEachPredictionHasOneOfItsOwn()
    {
        using TempFolder folder = new();
        string source = Path.Combine(trained.Data, "images", "val", "0.png");
        foreach (int number in (int[])[1, 2])
        {
            string output = Path.Combine("predictions", $"{Model}-{number}");
            Assert.Contains($"→ {Path.Combine(folder.Path, output, "0.png")}",
                Tool.RunIn(folder.Path, "predict", Model, "--weights", trained.Weights, "--source", source).Succeeded());
            Assert.Equal(["0-mask.png", "0.png", "areas.csv"],
                Directory.GetFiles(folder[output]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void AVideoBecomesAnOverlayMasksAndAreasOfEveryFrame()
    {
        using TempFolder folder = new();
        string video = Videos.Write(folder["shapes.mp4"], 7);
        string output = Tool.Run("predict", Model, "--weights", trained.Weights, "--source", video, "--out", folder["out"]).Succeeded();
        Assert.Contains("shapes.mp4: 7 frames", output);
        Assert.Contains("of the static pixels change class", output);
        Assert.Equal(7, Videos.CountFrames(folder["out/shapes.mp4"]));
        Assert.Equal(7, Directory.GetFiles(folder["out/shapes-masks"], "*.png").Length);
        Assert.Equal(8, File.ReadAllLines(folder["out/shapes-areas.csv"]).Length);
        Assert.DoesNotContain(Directory.GetFiles(folder["out"]), file => file.EndsWith(".unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public void BrokenFramesAreNamedAndTheOthersSegmented()
    {
        using TempFolder folder = new();
        string whole = Videos.Write(folder["whole.avi"], 40), broken = folder["broken.avi"];
        File.WriteAllBytes(broken, File.ReadAllBytes(whole)[..(int)(new FileInfo(whole).Length / 2)]);
        Tool.Result result = Tool.Run("predict", Model, "--weights", trained.Weights, "--source", broken, "--out", folder["out"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Matches(@"vision: .*broken\.avi: \d+ of the 40 frames that its header announces could be decoded", result.Errors);
        int frames = Videos.CountFrames(folder["out/broken.mp4"]);
        Assert.InRange(frames, 5, 39);
        Assert.Equal(frames, Directory.GetFiles(folder["out/broken-masks"], "*.png").Length);
        Assert.Equal(1 + frames, File.ReadAllLines(folder["out/broken-areas.csv"]).Length);
    }

    [SkippableFact]
    public void AWindowShowsFramesWhereThereIsADisplay()
    {
        using TempFolder folder = new();
        string[] arguments = ["predict", Model, "--weights", trained.Weights, "--source", Videos.Write(folder["shapes.mp4"], 60),
            "--show", "--out", folder["out"]];
        Tool.Run(arguments).FailedWith("There is no display to show a window on (DISPLAY is not set): run without a live window.");

        using VirtualDisplay display = new();
        using Process process = Tool.StartOn(display.Name, arguments);
        bool shown = false;
        while (!shown && !process.HasExited)
        {
            shown = display.ShowsSomething;
            Thread.Sleep(5);
        }
        Tool.End(process, arguments).Succeeded();
        Assert.True(shown, "Nothing was on the screen while the video went through.");
        Assert.Equal(60, Videos.CountFrames(folder["out/shapes.mp4"]));
        Assert.False(display.ShowsSomething, "The window stayed open.");

        string images = Path.Combine(trained.Data, "images", "val");
        Tool.Run("predict", Model, "--weights", trained.Weights, "--source", images, "--show")
            .FailedWith($"--show shows a video or a camera's frames, but --source {images} is a folder of images: leave it out.");
    }

    [Fact]
    public void WhatMeansNothingIsRefused()
    {
        Tool.Run("predict", Model, "--weights", trained.Weights, "--source", trained.Data, "--track")
            .FailedWith($"--track is for detectors, but {Model} is a segmenter: leave it out.");
        Tool.Run("train", Model, "--data", trained.Data, "--roi-samples", "5")
            .FailedWith($"--roi-samples is for detectors, but {Model} is a segmenter: leave it out.");
        Tool.Run("train", Model, "--data", trained.Data, "--loss", "dice", "--class-weights")
            .FailedWith("--class-weights is for cross-entropy, but --loss dice has none: leave it out.");
        Tool.Run("train", Model, "--data", trained.Data, "--crop-size", "0")
            .FailedWith("--crop-size is 0; it must be a number of pixels above 0.");
        Tool.Run("train", Model, "--data", trained.Data, "--multi-grid", "1", "2", "4")
            .FailedWith(
                $"A {Model} cannot have the backbone resnet18 at stride 8: The multi-grid is (1, 2, 4); expected 2 factors of at least " +
            "1, one for each block of the last stage.");
        Tool.Run("train", "resnet18", "--data", trained.Data, "--loss", "dice")
            .FailedWith("--loss is for segmenters, but resnet18 is a classifier: leave it out.");
        Tool.Run("eval", "unet_resnet18", "--weights", trained.Weights, "--data", trained.Data)
            .FailedWith($"{trained.Weights} holds a {Model}, not a unet_resnet18: name that model.");
    }

    [Fact]
    public void ItIsTimed() =>
        Assert.Contains("deeplabv3_resnet18, 1 × 64×96, training step",
            Tool.Run("bench", Model, "--size", "64x96", "--iterations", "1", "--train").Succeeded());

    private static void WriteImages(string data, string split, int count, int seed)
    {
        Random random = new(seed);
        string images = Directory.CreateDirectory(Path.Combine(data, "images", split)).FullName,
            masks = Directory.CreateDirectory(Path.Combine(data, "masks", split)).FullName;
        for (int i = 0; i < count; i++)
        {
            using Mat image = new(64, 96, MatType.CV_8UC3);
            random.NextBytes(image.AsSpan<byte>());
            Cv2.GaussianBlur(image, image, new Size(3, 3), 1);
            byte[] classes = new byte[64 * 96];
            foreach (var (label, color, left) in new[] { (1, new Scalar(230, 20, 20), 4), (2, new Scalar(20, 20, 230), 52) })
            {
                Rect place = new(left + random.Next(6), 8 + random.Next(8), 30 + random.Next(6), 36 + random.Next(8));
                Cv2.Rectangle(image, place, color, -1);
                for (int y = place.Top; y < place.Bottom; y++) classes.AsSpan(y * 96 + place.Left, place.Width).Fill((byte)label);
            }
            ImageOutput.Write(Path.Combine(images, $"{i}.png"), image);
            ImageOutput.Write(Path.Combine(masks, $"{i}.png"), new SegmentationMap(96, 64, classes));
        }
    }
}
