using System.Text.Json;
using OpenCvSharp;
using Vision.Data;
using Vision.Detection;
using Vision.Testing;
using Vision.Weights;

namespace Vision.Cli.Tests;

[Collection(TrainedModelCollection.Name)]
public class PredictTests(TrainedModel trained)
{
    [Fact]
    public void AnImageBecomesAnAnnotatedOneAndJson()
    {
        using TempFolder folder = new();
        JsonElement image = Assert.Single(Predict(folder, trained.Image).EnumerateArray());
        Assert.Equal(trained.Image, image.GetProperty("file").GetString());
        Assert.Equal((64, 64), (image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()));
        foreach (JsonElement detection in image.GetProperty("detections").EnumerateArray())
        {
            Assert.InRange(detection.GetProperty("category_id").GetInt32(), 1, 3);
            Assert.Contains(detection.GetProperty("label").GetString(), new[] { "circle", "square", "triangle" });
            Assert.InRange(detection.GetProperty("score").GetSingle(), 0, 1);
            Assert.Equal(4, detection.GetProperty("box").GetArrayLength());
        }
        Assert.Equal((64, 64), ImageFile.ReadSize(folder["out/0001.png"]));
    }

    [Fact]
    public void AFolderIsGoneThroughByName()
    {
        using TempFolder folder = new();
        JsonElement images = Predict(folder, Path.GetDirectoryName(trained.Image)!);
        Assert.Equal(["0001.png", "0002.png", "0003.png"],
            images.EnumerateArray().Select(image => Path.GetFileName(image.GetProperty("file").GetString())));
        Assert.Equal(3, Directory.GetFiles(folder["out"]).Length);
    }

    [Fact]
    public void CompiledAndExportedItFindsTheSame()
    {
        using TempFolder folder = new();
        string file = folder["shapes.onnx"], images = Path.GetDirectoryName(trained.Image)!;
        string output = Tool.Run("export", TrainedModel.Name, "--weights", trained.Weights, "--out", file, "--verify", trained.Data)
            .Succeeded();
        Assert.Contains("verified on 3 images: the largest difference of a score is ", output);
        Assert.Contains("an image takes ", output);
        Assert.Contains("AP: ", output);

        double[][] scores = [.. new string[][]
        {
            [TrainedModel.Name, "--weights", trained.Weights, "--engine", "eager"],
            [TrainedModel.Name, "--weights", trained.Weights, "--engine", "compiled"],
            [file],
        }.Select((model, i) =>
        {
            Tool.Run(["predict", .. model, "--source", images, "--score", "0", "--out", folder[$"{i}"], "--json", folder[$"{i}.json"]])
                .Succeeded();
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder[$"{i}.json"]));
            return json.RootElement.GetProperty("images").EnumerateArray().SelectMany(image =>
                image.GetProperty("detections").EnumerateArray().Take(5).Select(found => found.GetProperty("score").GetDouble())).ToArray();
        })];
        Assert.NotEmpty(scores[0]);
        foreach (double[] others in scores[1..])
        {
            Assert.Equal(scores[0].Length, others.Length);
            Assert.All(scores[0].Zip(others), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        }
        Tool.Run("predict", file, "--source", images, "--engine", "compiled").FailedWith(
            $"--engine compiled is for models by name: {file} runs in ONNX Runtime. Leave it out.");
    }

    [Fact]
    public void AVideoBecomesAnAnnotatedOneAndAFrameEachInJson()
    {
        using TempFolder folder = new();
        string video = Videos.Write(folder["shapes.mp4"], frames: 5);
        JsonElement frames = Predict(folder, video);
        Assert.Equal([0, 1, 2, 3, 4], frames.EnumerateArray().Select(frame => frame.GetProperty("frame").GetInt32()));
        Assert.Equal(5, Videos.CountFrames(folder["out/shapes.mp4"]));
    }

    [Fact]
    public void ObjectsOfAVideoAreTracked()
    {
        using TempFolder folder = new();
        string video = Videos.Write(folder["shapes.mp4"], frames: 8);
        JsonElement[][] frames = [.. Predict(folder, video, "--track")
            .EnumerateArray().Select(frame => frame.GetProperty("detections").EnumerateArray().ToArray())];
        int[][] tracks = [.. frames.Select(frame => frame.Select(detection => detection.GetProperty("track").GetInt32()).ToArray())];
        Assert.All(tracks, frame => Assert.Equal(frame.Distinct(), frame));
        Assert.Equal(Enumerable.Range(1, tracks[0].Length), tracks[0]);
        Assert.Contains(tracks[0], track => tracks[1].Contains(track));
        Assert.Equal(8, Videos.CountFrames(folder["out/shapes.mp4"]));
    }

    [Fact]
    public void TrackingIsRefusedForImages()
    {
        using TempFolder folder = new();
        Tool.Run([.. Arguments(folder, trained.Image), "--track"])
            .FailedWith(
                $"--track follows objects through a video or a camera's frames, but --source {trained.Image} is an image: leave it out.");
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void AHeatMapIsLaidUnderTheBoxes()
    {
        using TempFolder folder = new();
        string text = Predict(folder, trained.Image).ToString();
        using Mat plain = ImageFile.Read(folder["out/0001.png"]);
        // The results are the same, the picture is not.
        Assert.Equal(text, Predict(folder, trained.Image, "--heat-map").ToString());
        using Mat heated = ImageFile.Read(folder["out/0001.png"]);
        Assert.NotEqual(plain.AsSpan<byte>().ToArray(), heated.AsSpan<byte>().ToArray());
    }

    [Fact]
    public void AHeatMapIsRefusedWhereThereIsNone()
    {
        const string Name = "ssdlite320_mobilenet_v3_large";
        using TempFolder folder = new();
        using (Detector model = DetectorCatalog.Create(Name, DetectorCatalog.DefaultsOf(Name, 3)))
            WeightFile.WriteSafetensors(folder["ssd.safetensors"], model.state_dict(), new Dictionary<string, string>());
        Tool.Run("predict", Name, "--weights", folder["ssd.safetensors"], "--source", trained.Image, "--out", folder["out"], "--heat-map")
            .FailedWith(
            "--heat-map shows the class of a classifier (resnet50, …) or the objectness of a two-stage detector (fasterrcnn_…, " +
                $"maskrcnn_…, keypointrcnn_…, cascade_…), and {Name} is neither: leave it out.");
    }

    [Fact]
    public void ABrokenImageInAFolderIsNamedAndSkipped()
    {
        using TempFolder folder = new();
        folder.Write("in/a.png", File.ReadAllBytes(trained.Image));
        string broken = folder.Write("in/b.png", "no image");
        var result = Tool.Run(Arguments(folder, folder["in"]));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{broken}: not an image", result.Errors);
        Assert.Contains("1 of 2 images could not be read", result.Errors);
        Assert.True(File.Exists(folder["out/a.png"]));
        Assert.Single(Images(folder).EnumerateArray());
    }

    [Fact]
    public void APredictionThatCannotBeginLeavesNoFolder()
    {
        using TempFolder folder = new();
        string broken = folder.Write("broken.png", "no image");
        Assert.Equal(2, Tool.RunIn(folder.Path, "predict", TrainedModel.Name, "--weights", trained.Weights, "--source", broken).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(folder["predictions"]));
    }

    [Fact]
    public void ResultsInCocosFormatHaveTheFiguresOfEval()
    {
        using TempFolder folder = new();
        string images = Path.GetDirectoryName(trained.Image)!, truth = Path.Combine(trained.Data, "annotations", "instances_val.json");
        string[] model = [TrainedModel.Name, "--weights", trained.Weights];
        string[] predict = ["predict", .. model, "--source", images, "--out", folder["out"], "--format", "coco", "--json"];
        Tool.Run([.. predict, folder["dt.json"], "--gt", truth]).Succeeded();
        Tool.Run("coco-eval", "--gt", truth, "--dt", folder["dt.json"], "--json", folder["coco.json"]).Succeeded();
        Tool.Run(["eval", .. model, "--data", trained.Data, "--split", "val", "--json", folder["eval.json"]]).Succeeded();
        double[] expected = Figures(folder["eval.json"]);
        Assert.Equal(12, expected.Length);
        Assert.True(expected[0] > 0, "The model finds nothing, so nothing is compared.");
        Assert.Equal(expected, Figures(folder["coco.json"]));

        // The images are called by their ids, so that annotations are not needed.
        Tool.Run([.. predict, folder["named.json"]]).Succeeded();
        Assert.Equal(File.ReadAllText(folder["dt.json"]), File.ReadAllText(folder["named.json"]));
    }

    [Fact]
    public void WhatCocosFormatLacksIsNamed()
    {
        using TempFolder folder = new();
        string[] predict = ["predict", TrainedModel.Name, "--weights", trained.Weights, "--out", folder["out"]];
        Tool.Run([.. predict, "--source", trained.Image, "--format", "coco"])
            .FailedWith("--format coco is the format of the --json file: add --json FILE.");
        Tool.Run([.. predict, "--source", trained.Image, "--json", folder["a.json"], "--gt", trained.Image])
            .FailedWith("--gt provides the image ids for --format coco: use both, or leave it out.");
        Tool.Run([.. predict, "--source", "0", "--json", folder["a.json"], "--format", "coco"])
            .FailedWith("--format coco is for images, but --source 0 is a video or a camera: leave it out.");
    }

    private static double[] Figures(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("metrics").EnumerateObject().Select(figure => figure.Value.GetDouble())];
    }

    private JsonElement Predict(TempFolder folder, string source, params string[] more)
    {
        Tool.Result result = Tool.Run([.. Arguments(folder, source), .. more]);
        result.Succeeded();
        Assert.Empty(result.Errors);   // no complaint of a native library either
        return Images(folder);
    }

    private string[] Arguments(TempFolder folder, string source) =>
        ["predict", TrainedModel.Name, "--weights", trained.Weights, "--source", source, "--score", "0.05", "--out", folder["out"],
            "--json", folder["found.json"]];

    private static JsonElement Images(TempFolder folder) =>
        JsonDocument.Parse(File.ReadAllText(folder["found.json"])).RootElement.GetProperty("images");
}
