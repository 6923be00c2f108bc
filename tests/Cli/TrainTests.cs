using System.Text.Json;
using Vision.Testing;
using Vision.Weights;

namespace Vision.Cli.Tests;

[Collection(TrainedModelCollection.Name)]
public class TrainTests(TrainedModel trained)
{
    [Fact]
    public void SaysWhatItDoesAndLeavesWeightsMetricsAndPlots()
    {
        Assert.Contains("6 images", trained.Output);
        Assert.Contains("3 classes: circle, square, triangle", trained.Output);
        string[] files =
            ["best.safetensors", "last.safetensors", "metrics.csv", "metrics.jsonl", "loss.png", "precision-recall.png", "confusion.png"];
        foreach (string file in files)
            Assert.True(new FileInfo(Path.Combine(trained.Run, file)) is { Exists: true, Length: > 0 }, $"There is no {file}.");
        Assert.Equal(3, File.ReadLines(Path.Combine(trained.Run, "metrics.csv")).Count());
    }

    [Fact]
    public void TheCheckpointSaysWhatItHolds()
    {
        var metadata = WeightFile.ReadMetadata(Path.Combine(trained.Run, "best.safetensors"));
        Assert.Equal(TrainedModel.Name, metadata["model"]);
        Assert.Contains("triangle", metadata["categories"]);
        Assert.Contains("\"MinSize\":64", metadata["detector"]);
        Assert.Contains("AP50", metadata["metrics"]);
    }

    [Fact]
    public void ASecondRunIntoTheSameFolderIsRefused() =>
        Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--out", trained.Run)
            .FailedWith($"{trained.Run} already holds a run: resume it, or choose another folder.");

    [Fact]
    public void WhatTheDataOrTheNetworkLacksIsNamed()
    {
        Tool.Run("train", "keypointrcnn_resnet18_fpn", "--data", trained.Data)
            .FailedWith(
                $"A keypoint detector needs keypoints, but {Path.GetFileName(trained.Data)}/train has none: use COCO annotations " +
                "whose categories name their keypoints.");
        Tool.Run("train", "detr_resnet50", "--data", trained.Data, "--dropout", "1")
            .FailedWith("--dropout is 1; it must be 0 or more, and less than 1.");
        Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--deformable-stages", "3")
            .FailedWith(
                $"A {TrainedModel.Name} cannot have the backbone resnet18: The number of deformable stages is 3; expected 0 to 4, and 0 " +
                "if the blocks are not plain bottlenecks.");
    }

    [Fact]
    public void ALongTrainingsOptionsWorkTogetherAndItStartsWithoutACheckpoint()
    {
        using TempFolder folder = new();
        string output = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--min-size", "64", "--max-size", "96",
            "--batch-size", "2", "--epochs", "1", "--time-budget", "1h", "--schedule", "onecycle", "--early-stopping", "3", "--save-top", "1",
            "--accumulate", "2", "--precision", "bf16", "--ema", "0.9", "--layer-lr-decay", "0.8", "--freeze", "rpn.*", "--freeze-stages",
            "1", "--clip", "10", "--out", folder["run"], "--resume").Succeeded();
        Assert.Contains($"{folder["run"]} has no checkpoint yet: starting from the beginning.", output);
        Assert.Contains("1 epochs, at most 01:00:00, batches of 2, 2 to a step", output);
        Assert.Matches(@"(?m)^ +EMA ", output);
        foreach (string file in (string[])["best.safetensors", "average.safetensors", "epoch-1.safetensors", "last.safetensors"])
            Assert.True(File.Exists(folder["run/" + file]), $"There is no {file}.");
    }

    [Theory]
    [InlineData("--time-budget", "soon", "--time-budget is 'soon'; it must be a time such as 90m, 2h or 1h30m.")]
    [InlineData("--precision", "int8", "--precision is 'int8'; it must be one of bf16, fp16 or fp32.")]
    [InlineData("--accumulate", "0", "--accumulate is 0; it must be 1 or more.")]
    [InlineData("--thaw-at", "3", "ThawEpoch is given, but nothing is frozen: give Freeze or FreezeStages, or leave it out.")]
    public void AnOptionOutOfItsRangeIsNamed(string option, string value, string message)
    {
        var result = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors);
    }

    [Theory]
    [InlineData("90m", 90)]
    [InlineData("1h30m", 90)]
    [InlineData("1.5h", 90)]
    [InlineData("1d1h1m30s", 1501.5)]
    public void TimesAreRead(string text, double minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0m")]
    [InlineData("90")]
    [InlineData("-2h")]
    [InlineData("30m1h")]
    public void OtherTextsAreNotTimes(string text) => Assert.Null(Duration.Parse(text));

    [Fact]
    public void EvalWritesTheTwelveFigures()
    {
        using TempFolder folder = new();
        string output = Tool.Run("eval", TrainedModel.Name, "--weights", trained.Weights, "--data", trained.Data, "--voc-rules", "2007",
            "--json", folder["metrics.json"]).Succeeded();
        Assert.Contains("ΔAP50", output);
        Assert.Contains("VOC 2007", output);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["metrics.json"]));
        Assert.Equal(12, json.RootElement.GetProperty("metrics").EnumerateObject().Count());
        Assert.Equal(7, json.RootElement.GetProperty("errors").EnumerateObject().Count());
        Assert.Equal(2007, json.RootElement.GetProperty("voc").GetProperty("rules").GetInt32());
        Assert.Equal(["1", "2", "3"], json.RootElement.GetProperty("per_category").EnumerateObject().Select(category => category.Name));
    }

    [Fact]
    public void OtherWeightsCanStartAnotherTraining()
    {
        using TempFolder folder = new();
        string output = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--weights", trained.Weights,
            "--epochs", "1", "--min-size", "64", "--optimizer", "adamw", "--lr", "0.0001", "--schedule", "cosine",
            "--color-jitter", "0.2", "--out", folder["run"]).Succeeded();
        Assert.Contains($"from {trained.Weights}", output);
    }
}
