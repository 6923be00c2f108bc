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
