namespace Vision.Cli.Tests;

public class HelpTests
{
    [Fact]
    public void HelpListsEveryCommand()
    {
        string help = Tool.Run("--help").Succeeded();
        foreach (string command in (string[])
            ["models", "train", "replay", "eval", "predict", "coco-eval", "bench", "summary", "compare", "data", "demo"])
            Assert.Matches($@"(?m)^  {command}\b", help);
    }

    [Theory]
    [InlineData("models")]
    [InlineData("train")]
    [InlineData("replay")]
    [InlineData("eval")]
    [InlineData("predict")]
    [InlineData("coco-eval")]
    [InlineData("bench")]
    [InlineData("summary")]
    [InlineData("compare")]
    [InlineData("data")]
    [InlineData("data check")]
    [InlineData("data convert")]
    [InlineData("demo")]
    public void HelpOfACommandEndsWithExamplesThatParse(string command)
    {
        string help = Tool.Run([.. command.Split(' '), "--help"]).Succeeded();
        string[] lines = help.Split('\n');
        int start = Array.IndexOf(lines, "Examples:");
        Assert.True(start > 0, help);
        string[] examples = [.. lines[(start + 1)..]
            .Select(line => line.Trim().Replace("mpirun -n 4 ", "")).Where(line => line.StartsWith("vision ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        foreach (string example in examples) CommandLines.AssertParses(example.Split("   ")[0]);
    }

    [Fact]
    public void TheVersionSaysWhatItStandsOn() =>
        Assert.Matches(@"^vision \d+\.\d+\.\d+\S*, TorchSharp \d+\.\d+\.\d+, libtorch 2\.\d+\.\d+ \((cpu|cuda)\)\n$",
            Tool.Run("--version").Succeeded());

    [Fact]
    public void WithoutACommandItSaysWhatThereIs()
    {
        var result = Tool.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Required command was not provided.", result.Errors);
        Assert.Contains("vision --help", result.Errors);
    }
}
