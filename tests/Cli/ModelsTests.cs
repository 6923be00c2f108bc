using System.Text.Json;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class ModelsTests
{
    [Fact]
    public void ListsAllAsATable()
    {
        string output = Tool.Run("models").Succeeded();
        Assert.Contains("fasterrcnn_resnet50_fpn", output);
        Assert.Contains("resnet152", output);
        Assert.Contains("ssd300_vgg16", output);
        Assert.DoesNotContain("ssd300_resnet18", output);     // any of a thousand combinations can be named, but they are not listed
    }

    [Fact]
    public void JsonHoldsWhatMatchesPatternAndTask()
    {
        using TempFolder folder = new();
        Tool.Run("models", "maskrcnn_resnet34_*n", "--task", "instance", "--json", folder["models.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["models.json"]));
        JsonElement model = Assert.Single(json.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal("maskrcnn_resnet34_fpn", model.GetProperty("name").GetString());
        Assert.Equal("instance", model.GetProperty("task").GetString());
    }

    [Fact]
    public void ClassifiersAreShownWithSizeCostStagesAndAccuracy()
    {
        using TempFolder folder = new();
        string output = Tool.Run("models", "resnet50", "--task", "classification", "--json", folder["models.json"]).Succeeded();
        foreach (string shown in (string[])["25.56", "4.09", "80.86", "95.43", "232, 224"]) Assert.Contains(shown, output);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["models.json"]));
        JsonElement model = Assert.Single(json.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal(25_557_032, model.GetProperty("parameters").GetInt64());
        Assert.Equal(4.089, model.GetProperty("gflops").GetDouble());
        Assert.Equal([64, 256, 512, 1024, 2048],
            model.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("channels").GetInt32()));
        JsonElement weights = model.GetProperty("weights")[1];
        Assert.Equal("11ad3fa6", weights.GetProperty("sha256_prefix").GetString());
        Assert.Equal(232, weights.GetProperty("resize").GetInt32());
    }

    [Fact]
    public void APatternWithoutMatchIsAMistake() =>
        Tool.Run("models", "yolo9*").FailedWith("No model matches 'yolo9*'; \"vision models\" lists all.");
}
