using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>What is certain before the first epoch, and what is left of a step that fails.</summary>
[Collection(TrainedModelCollection.Name)]
public class CertaintyTests(TrainedModel trained)
{
    [SkippableFact]
    public void TrainingBeginsWithTheMemoryThatItNeeds()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Assert.Matches(
            @"(?m)^  needs \d+\.\d+ GB of \d+\.\d+ of memory, with images of up to 64×64 pixels; the largest batch that fits is \d+$",
            trained.Output);
    }

    [SkippableFact]
    public void ADryRunPassesEveryStageWithTheLargestBatchAndLeavesNothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using TempFolder folder = new();
        string output = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--batch-size", "auto", "--device", "cpu",
            "--min-size", "64", "--max-size", "96", "--out", folder["run"], "--dry-run").Succeeded();
        foreach (string stage in (string[])["data", "step", "evaluation", "checkpoint", "read back", "plots"])
            Assert.Matches($@"(?m)^  {stage} +\d+\.\d s  ", output);
        Assert.Contains("All stages passed in", output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("0", "--batch-size is 0; it must be 1 or more, or auto.")]
    [InlineData("most", "--batch-size is most; it must be 1 or more, or auto.")]
    public void BatchSizesAreNumbersOrAuto(string text, string message) =>
        Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--batch-size", text)
            .FailedWith(message + " See: vision train --help");

    [Fact]
    public void OnlyFailedStepsAreReplayed()
    {
        Tool.Run("replay", trained.Run)
            .FailedWith($"{trained.Run} holds no failed step (there is no capsule.json in it): pass the folder failure of a run.");
        Tool.Run("replay", Path.Combine(trained.Run, "failure"))
            .FailedWith($"There is no folder {Path.Combine(trained.Run, "failure")}: pass the folder failure of a run.");
    }

    [Fact]
    public void AStepThatFailsIsReplayedFromItsFolderAlone()
    {
        using TempFolder folder = new();
        // So large a rate makes weights of which the next step makes infinity.
        Tool.Result result = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--batch-size", "2", "--min-size",
            "64", "--max-size", "96", "--epochs", "30", "--lr", "1e30", "--warmup", "0", "--clip", "0", "--out", folder["run"]);
        Assert.Equal(2, result.ExitCode);
        string failure = folder["run/failure"], copy = folder["copy"];
        Assert.Contains($"vision replay {failure}", result.Output);
        Directory.Move(failure, copy);
        Assert.Matches("(?m)^The step fails again in the (forward|backward) pass: ", Tool.Run("replay", copy).Succeeded());
    }
}
