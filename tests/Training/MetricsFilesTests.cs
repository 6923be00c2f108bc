using System.Globalization;
using System.Text.Json.Nodes;
using Vision.Testing;

namespace Vision.Training.Tests;

public class MetricsFilesTests
{
    [Fact]
    public void Csv_has_a_row_per_epoch_and_jsonl_steps_and_epochs()
    {
        using TempFolder folder = new();
        using ToyTask task = new();
        Recorder recorder = new();
        new Trainer<ToyBatch>(task, TrainerTests.Options(folder) with { LogEverySteps = 4 }, recorder).Run();

        string[] rows = File.ReadAllLines(folder["metrics.csv"]);
        Assert.Equal("epoch,step,learning_rate,loss,loss_sum,loss_size,score", rows[0]);
        Assert.Equal(4, rows.Length);
        double[] second = [.. rows[2].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        EpochReport epoch = recorder.Epochs[1];
        Assert.Equal([2, 20, epoch.LearningRate, epoch.Loss, epoch.Losses[0].Value, epoch.Losses[1].Value, epoch.Validation.MainValue],
            second);
        Assert.Equal(recorder.Steps[10..20].Average(step => step.Loss), epoch.Loss, 9);

        JsonNode[] lines = [.. File.ReadLines(folder["metrics.jsonl"]).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([4, 8, 12, 16, 20, 24, 28], lines.Where(line => (string)line["kind"]! == "step").Select(line => (int)line["step"]!));
        Assert.Equal([1, 2, 3], lines.Where(line => (string)line["kind"]! == "epoch").Select(line => (int)line["epoch"]!));
        Assert.Equal(recorder.Steps[3].Losses[0].Value, (double)lines[0]["losses"]!["loss_sum"]!);
        Assert.Equal(epoch.Validation.MainValue, (double)lines.Last(line => (int)line["epoch"]! == 2)["metrics"]!["score"]!);
    }
}
