using Vision.Testing;

namespace Vision.Cli.Tests;

[Collection(TrainedModelCollection.Name)]
public sealed class DataCommandTests(TrainedModel trained) : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ADataSetIsConvertedAndTrainedOn()
    {
        string output = Tool.Run("data", "convert", "--data", trained.Data, "--to", "yolo", "--out", folder["yolo"]).Succeeded();
        Assert.Contains($"images written to {folder["yolo"]}", output);
        Tool.Run("data", "convert", "--data", trained.Data, "--to", "yolo", "--out", folder["yolo"])
            .FailedWith($"{folder["yolo"]} already exists; choose another folder, or allow overwriting.");
        Tool.Run("data", "convert", "--data", trained.Data, "--to", "voc", "--out", folder["yolo"], "--force").Succeeded();
        Assert.True(Directory.Exists(folder["yolo/Annotations"]));

        string trainedOn = Tool.Run("train", TrainedModel.Name, "--data", folder["yolo"], "--epochs", "1",
            "--min-size", "64", "--max-size", "64",
            "--augment", "mosaic", "--repeat-threshold", "0.5", "--out", folder["run"]).Succeeded();
        Assert.Contains("validating on", trainedOn);
    }

    [Fact]
    public void ACheckNamesProblemsAndMakesAPage()
    {
        Tool.Result fine = Tool.Run("data", "check", "--data", trained.Data, "--model", TrainedModel.Name,
            "--min-size", "64", "--max-size", "64");
        Assert.Contains("anchor recall", fine.Succeeded());
        Assert.Contains("0 errors", fine.Output);

        Tool.Run("data", "convert", "--data", trained.Data, "--to", "yolo", "--out", folder["bad"]).Succeeded();
        string labels = Directory.EnumerateFiles(folder["bad/labels"], "*.txt", SearchOption.AllDirectories).Order().First();
        File.AppendAllText(labels, "0 0.5 0.5 0 0\n");
        Tool.Result bad = Tool.Run("data", "check", "--data", folder["bad"], "--html", folder["page/check.html"]);
        Assert.Equal(1, bad.ExitCode);
        Assert.Equal("", bad.Errors);
        Assert.Contains("error: " + labels, bad.Output);
        string page = File.ReadAllText(folder["page/check.html"]);
        Assert.Contains("error: DegenerateBox, 1", page);
        Assert.Contains("data:image/jpeg;base64,", page);
        // Nothing is loaded from elsewhere.
        Assert.DoesNotContain("://", page);
        Assert.DoesNotMatch("src=\"(?!data:)", page);
    }

    [Fact]
    public void MistakesAreAnswered()
    {
        Tool.Run("data", "convert", "--data", trained.Data, "--out", folder["x"])
            .FailedWith("Option '--to' is required. See: vision data convert --help");
        Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--augment", "copy-paste")
            .FailedWith(
                $"Copy-paste augmentation needs segments, but {Path.GetFileName(trained.Data)}/train has only boxes: use large-scale " +
                    "jittering (lsj), or annotate polygons.");
        Tool.Run("train", TrainedModel.Name, "--data", trained.Data, "--augment", "wild")
            .FailedWith("--augment is 'wild'; it must be one of copy-paste, flip, lsj, mixup, mosaic, none or ssd. See: vision train " +
                "--help");
    }
}
