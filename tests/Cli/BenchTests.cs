using System.Text.Json;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class BenchTests
{
    [Theory]
    [InlineData("resnet18", "32x48", false)]
    [InlineData("resnet18", "32x48", true)]
    [InlineData("ssdlite320_mobilenet_v3_large", "48x64", true)]
    public void WritesItsTimes(string model, string size, bool train)
    {
        using TempFolder folder = new();
        Tool.Run(["bench", model, "--size", size, "--batch-size", "2", "--iterations", "1", "--json", folder["bench.json"],
            .. train ? (string[])["--train"] : []]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        double median = json.RootElement.GetProperty("median_ms").GetDouble();
        Assert.True(median > 0);
        Assert.InRange(json.RootElement.GetProperty("min_ms").GetDouble(), 0, median);
        Assert.Equal(2000 / median, json.RootElement.GetProperty("images_per_s").GetDouble(), 6);
    }

    [Fact]
    public void BackbonesAreCompared()
    {
        using TempFolder folder = new();
        string output = Tool.Run("bench", "fasterrcnn_mobilenet_v3_large_320_fpn", "--backbone", "resnet18, mobilenet_v3_small",
            "--size", "48x64", "--iterations", "1", "--json", folder["bench.json"]).Succeeded();
        Assert.Contains("| resnet18 ", output);
        Assert.Contains("48/16 576/32", output);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        JsonElement[] rows = [.. json.RootElement.GetProperty("backbones").EnumerateArray()];
        Assert.Equal(["resnet18", "mobilenet_v3_small"], rows.Select(row => row.GetProperty("backbone").GetString()));
        Assert.All(rows, row => Assert.True(row.GetProperty("median_ms").GetDouble() > 0));
        Assert.True(rows[0].GetProperty("parameters").GetInt64() > rows[1].GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void WeightsBelongToOneBackbone() =>
        Tool.Run("bench", "fasterrcnn_resnet50_fpn", "--backbone", "resnet18,resnet34", "--weights", "imagenet")
            .FailedWith("--weights needs a single backbone: leave it out, or name one backbone.");

    [Theory]
    [InlineData("640", "--size is '640'; expected height and width, such as 480x640.")]
    [InlineData("0x4", "--size is '0x4'; expected height and width, such as 480x640.")]
    public void ASizeThatIsNoneIsAMistake(string size, string message) =>
        Tool.Run("bench", "resnet18", "--size", size).FailedWith($"{message} See: vision bench --help");

    [Fact]
    public void ClassifiersAndSegmentersAreCompiled()
    {
        Assert.Contains("resnet18, 1 × 64×64, compiled inference", Tool.Run("bench", "resnet18", "--size", "64x64", "--iterations", "1",
            "--engine", "compiled").Succeeded());
        Assert.Contains("compiled inference", Tool.Run("bench", "lraspp_mobilenet_v3_large", "--size", "64x64", "--iterations", "1",
            "--engine", "compiled").Succeeded());
        Tool.Run("bench", "resnet18", "--engine", "compiled", "--train")
            .FailedWith("--engine compiled is for prediction, and --train times training: leave one of them out.");
    }

    [Fact]
    public void AnUnknownModelIsAMistake()
    {
        var result = Tool.Run("bench", "resnet19");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("No model is called 'resnet19'; did you mean resnet18", result.Errors);
        Assert.Contains("\"vision models\" lists them.", result.Errors);
    }
}
