using System.Text.Json;
using Vision.Testing;

namespace Vision.Cli.Tests;

public class BenchTests
{
    [Theory]
    [InlineData("resnet18", "32x48", false)]
    [InlineData("resnet18", "32x48", true)]
    [InlineData("fasterrcnn_resnet18_fpn", "48x64", true)]
    public void WritesItsTimes(string model, string size, bool train)
    {
        using TempFolder folder = new();
        Tool.Run(["bench", model, "--size", size, "--batch-size", "2", "--iterations", "1", "--json", folder["bench.json"], .. train ? (string[])["--train"] : []]).Succeeded();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        double median = json.RootElement.GetProperty("median_ms").GetDouble();
        Assert.True(median > 0);
        Assert.InRange(json.RootElement.GetProperty("min_ms").GetDouble(), 0, median);
        Assert.Equal(2000 / median, json.RootElement.GetProperty("images_per_s").GetDouble(), 6);
    }

    [Theory]
    [InlineData("640", "--size is '640'; height and width are expected, such as 480x640.")]
    [InlineData("0x4", "--size is '0x4'; height and width are expected, such as 480x640.")]
    public void ASizeThatIsNoneIsAMistake(string size, string message) =>
        Tool.Run("bench", "resnet18", "--size", size).FailedWith($"{message} See: vision bench --help");

    [Fact]
    public void AnUnknownModelIsAMistake()
    {
        var result = Tool.Run("bench", "resnet19");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("No detector is called 'resnet19'", result.Errors);
    }
}
