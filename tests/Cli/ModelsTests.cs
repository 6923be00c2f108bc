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
    }

    [Fact]
    public void JsonHoldsWhatMatchesPatternAndTask()
    {
        using TempFolder folder = new();
        Tool.Run("models", "*resnet50*", "--task", "detection", "--json", folder["models.json"]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["models.json"]));
        JsonElement model = Assert.Single(json.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal("fasterrcnn_resnet50_fpn", model.GetProperty("name").GetString());
        Assert.Equal("detection", model.GetProperty("task").GetString());
    }

    [Fact]
    public void APatternWithoutMatchIsAMistake() =>
        Tool.Run("models", "yolo*").FailedWith("No model matches 'yolo*'; \"vision models\" lists all.");
}
