using System.Text.Json;
using Vision.Cli.Demo;
using Vision.Data;
using Vision.Testing;

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
        Assert.Equal(["0001.png", "0002.png", "0003.png"], images.EnumerateArray().Select(image => Path.GetFileName(image.GetProperty("file").GetString())));
        Assert.Equal(3, Directory.GetFiles(folder["out"]).Length);
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

    private JsonElement Predict(TempFolder folder, string source)
    {
        Tool.Run(Arguments(folder, source)).Succeeded();
        return Images(folder);
    }

    private string[] Arguments(TempFolder folder, string source) =>
        ["predict", TrainedModel.Name, "--weights", trained.Weights, "--source", source, "--score", "0.05", "--out", folder["out"], "--json", folder["found.json"]];

    private static JsonElement Images(TempFolder folder) => JsonDocument.Parse(File.ReadAllText(folder["found.json"])).RootElement.GetProperty("images");
}
