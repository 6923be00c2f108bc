using System.Text.Json;
using System.Xml.Linq;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class SummaryTests
{
    [Fact]
    public void ASegmentersLayersArePrintedWrittenAndDrawn()
    {
        using TempFolder folder = new();
        string output = Tool.Run("summary", "deeplabv3_resnet50", "--backbone", "resnet18", "--classes", "3", "--size", "64x96",
            "--json", folder["s.json"], "--svg", folder["s.svg"]).Succeeded();
        Assert.Contains("BasicBlock: 3×3, 512, dilation 4 → 3×3, 512, dilation 4", output);
        Assert.Contains("For an image of 64x96: 1.57 G multiply-adds", output);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["s.json"]));
        JsonElement root = json.RootElement;
        Assert.Equal([1, 3, 64, 96], root.GetProperty("output").EnumerateArray().Select(size => size.GetInt32()));
        JsonElement[] layers = [.. root.GetProperty("layers").EnumerateArray()];
        Assert.Equal(root.GetProperty("parameters").GetInt64(), layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Contains("backbone.layer4.1", layers.Select(layer => layer.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, layers[^1].GetProperty("output").ValueKind);

        string[] drawn = [.. XDocument.Load(folder["s.svg"]).Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value)];
        Assert.Contains("deeplabv3_resnet50 on resnet18", drawn);
        foreach (string stage in (string[])["backbone.layer1", "backbone.layer4", "classifier.0.convs"]) Assert.Contains(stage, drawn);
    }

    [Fact]
    public void ADetectorsPartsFollowEachOther()
    {
        string output = Tool.Run("summary", "fasterrcnn_mobilenet_v3_large_320_fpn", "--classes", "2", "--depth", "2").Succeeded();
        Assert.Matches(@"  rpn\.head +\d+ operators", output);
        Assert.Matches(@"  roi_heads\.box_head +\d+ operators +150×1024 ", output);
        Assert.Contains("For an image of 320x320, and then 150×256×7×7: 2.8", output);
    }

    [Fact]
    public void DepthOneShowsTheOutermostModules()
    {
        string[] lines = Tool.Run("summary", "resnet18", "--depth", "1").Succeeded().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("  layer4 ", StringComparison.Ordinal) && line.Contains("8,393,728"));
        Assert.Contains("11,689,512 parameters, 44.6 MB with buffers. For an image of 224x224: 1.81 G multiply-adds, " +
            "19.7 MB of activations.", lines);
    }

    [Theory]
    [InlineData("ssdlite320_mobilenet_v3_large sees every image as 320x320: leave --size out.", "ssdlite320_mobilenet_v3_large",
        "--size", "64x64")]
    [InlineData("vgg16 cannot take an image of 8x8; give a larger --size.", "vgg16", "--size", "8x8")]
    [InlineData("--backbone is for segmenters and detectors, but resnet18 is a classifier: leave it out.",
        "resnet18", "--backbone", "resnet50")]
    [InlineData("--depth is 0; it must be 1 or more. See: vision summary --help", "resnet18", "--depth", "0")]
    public void MistakesAreAnsweredInOneLine(string message, params string[] arguments) =>
        Tool.Run(["summary", .. arguments]).FailedWith(message);
}
