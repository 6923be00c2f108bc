using System.Diagnostics;
using System.Text.Json;
using OpenCvSharp;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Tests;

/// <summary>Grids of runs, runs repeated by their file, and comparisons.</summary>
[Collection(TrainedModelCollection.Name)]
public sealed class ExperimentTests(TrainedModel trained) : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AGridRunsComparesResumesAndNamesWhatFailed()
    {
        string[] grid = ["train", "resnet20_cifar", "--data", Pictures(), "--epochs", "1", "--batch-size", "12", "--lr", "0.01,1e30",
            "--seeds", "2", "--out", folder["grid"], "--jobs", "2"];
        var first = Tool.Run(grid);
        Assert.Equal(1, first.ExitCode);
        string[] failures = first.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, failures.Length);
        Assert.Matches(@"^vision: lr=1e30,seed=0 failed: Training stopped at .* \(see .*log\.txt\)$", failures[0]);
        Assert.Contains("4 runs into", first.Output);
        Assert.Matches(@"\d\.\d{3} ± \d\.\d{3} \(2\)", first.Output);
        foreach (string seed in (string[])["0", "1"])
            Assert.True(File.Exists(folder[$"grid/lr=0.01,seed={seed}/best.safetensors"]), first.Output);
        Assert.Contains("Training resnet20_cifar", File.ReadAllText(folder["grid/lr=0.01,seed=1/log.txt"]));

        Tool.Run(grid).FailedWith(
            $"{folder["grid"]} already holds runs of this experiment: add --resume to continue it, or choose another folder.");
        string[] other = [.. grid, "--resume"];
        other[5] = "2";
        var changed = Tool.Run(other);
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains("was begun with other options: epochs was 1 and is now 2", changed.Errors);

        DateTime written = File.GetLastWriteTimeUtc(folder["grid/lr=0.01,seed=0/last.safetensors"]);
        string[] again = [.. grid, "--resume"];
        again[9] = "0.01,0.02";
        string resumed = Tool.Run(again).Succeeded();
        Assert.Contains("2 are done already", resumed);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder["grid/lr=0.01,seed=0/last.safetensors"]));

        string page = Tool.Run("compare", folder["grid"], "--html", folder["page.html"], "--plot", folder["plot.png"], "--json",
            folder["compared.json"]).Succeeded();
        Assert.Matches(@"learning_rate +top1", page);
        Assert.Contains("lr=1e30,seed=0 is left out: it has not completed an epoch.", page);
        Assert.Contains("<img alt=\"top1 against milliseconds per image\"", File.ReadAllText(folder["page.html"]));
        using Mat plot = Cv2.ImRead(folder["plot.png"]);
        Assert.Equal(560, plot.Height);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["compared.json"]));
        Assert.Equal(["0.01", "0.02"], json.RootElement.GetProperty("groups").EnumerateArray()
            .Select(group => group.GetProperty("options").GetProperty("learning_rate").GetString()).Order());
        foreach (JsonElement group in json.RootElement.GetProperty("groups").EnumerateArray())
        {
            Assert.Equal(2, group.GetProperty("runs").GetArrayLength());
            Assert.InRange(group.GetProperty("multiply_adds").GetInt64(), 35_000_000, 45_000_000);
            Assert.True(group.GetProperty("ms_per_image").GetDouble() > 0);
        }

        // A run of the grid is repeated by its file, after the data changed.
        string file = folder["grid/lr=0.01,seed=1/run.yaml"];
        File.AppendAllText(folder["data/train/red/0.png"], "more");
        var repeated = Tool.Run("train", "--config", file, "--label-smoothing", "0.1", "--out", folder["again"]);
        Assert.StartsWith($"vision: warning: the training data changed since {file} was written (24 images then, 24 now)", repeated.Errors);
        string text = File.ReadAllText(folder["again/run.yaml"]);
        foreach (string option in (string[])["learning_rate: 0.01\n", "seed: 1\n", "label_smoothing: 0.1\n"]) Assert.Contains(option, text);
    }

    [Fact]
    public void ARunRepeatedByItsFileEndsWithTheSameWeights()
    {
        var result = Tool.Run("train", "--config", Path.Combine(trained.Run, "run.yaml"), "--out", folder["again"]);
        result.Succeeded();
        Assert.Equal("", result.Errors);
        using var scope = NewDisposeScope();
        var weights = WeightFile.Read(folder["again/last.safetensors"]);
        foreach (var (name, weight) in WeightFile.Read(trained.Weights)) Assert.True(weight.Equals(weights[name]), $"{name} differs.");
    }

    [Fact]
    public void CtrlCStopsAGridAsAWhole()
    {
        string[] grid = ["train", "resnet20_cifar", "--data", Pictures(), "--epochs", "500", "--seeds", "3", "--out", folder["grid"]];
        using Process process = Tool.StartThrough(["env", "--default-signal=INT"], grid);
        while (!File.Exists(folder["grid/seed=0/last.safetensors"]))
        {
            Assert.False(process.HasExited, "It ended before it could be stopped.");
            Thread.Sleep(20);
        }
        Tool.Interrupt(process);
        var result = Tool.End(process, grid);
        Assert.Equal((130, ""), (result.ExitCode, result.Errors));
        Assert.Contains($"Stopped. The same command with --resume --out {folder["grid"]} continues from here.", result.Output);
        // The run was not killed but ended by itself, and no other began.
        Assert.Contains("Stopped.", File.ReadAllText(folder["grid/seed=0/log.txt"]));
        Assert.False(Directory.Exists(folder["grid/seed=1"]));
    }

    [Theory]
    [InlineData("--backbone", "resnet18,resnet999", "resnet999")]
    [InlineData("--epochs", "1,many", "Cannot parse argument 'many' for option '--epochs'. See: vision train --help")]
    [InlineData("--lr", "0.1,0.1", "lr lists 0.1 twice: leave one out.")]
    [InlineData("--thaw-at", "2,3", "ThawEpoch is given, but nothing is frozen")]
    [InlineData("--jobs", "2", "--jobs is for several runs: give an option a list of values, or --seeds, or leave it out.")]
    public void MistakesInAGridAreNamedBeforeAnyTraining(string option, string value, string message)
    {
        var result = Tool.Run("train", TrainedModel.Name, "--data", trained.Data, option, value, "--out", folder["grid"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(Directory.Exists(folder["grid"]));
    }

    [Fact]
    public void MistakesInAFileAreNamedWithTheirLine()
    {
        string text = File.ReadAllText(Path.Combine(trained.Run, "run.yaml"));
        string file = folder.Write("run.yaml", text.Replace("batch_size:", "batch_sizes:"));
        int line = text.Split('\n').TakeWhile(one => !one.Contains("batch_size:")).Count() + 1;
        var result = Tool.Run("train", "--config", file);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"vision: {file}, line {line}: there is no options.batch_sizes; correct it to one of",
            Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

        Tool.Run("train", "--config", folder["none.yaml"])
            .FailedWith($"There is no file {folder["none.yaml"]}: give the run.yaml of a run.");
        Tool.Run("compare", folder.Path).FailedWith($"{folder.Path} has no best-images.json.gz, so it cannot be compared: it must " +
            "hold a run that has completed an epoch.");
    }

    /// <summary>Small pictures of two classes, in train and val.</summary>
    private string Pictures()
    {
        Random random = new(1);
        foreach (var (split, count) in ((string, int)[])[("train", 12), ("val", 9)])
            foreach (var (name, color) in ((string, Scalar)[])[("blue", new(200, 60, 40)), ("red", new(40, 60, 200))])
            {
                Directory.CreateDirectory(folder[$"data/{split}/{name}"]);
                for (int i = 0; i < count; i++)
                {
                    using Mat image = new(32, 32, MatType.CV_8UC3, color);
                    int x = random.Next(20), y = random.Next(20);
                    Cv2.Rectangle(image, new Rect(x, y, 10, 10), new Scalar(random.Next(256), random.Next(256), random.Next(256)), -1);
                    Cv2.ImWrite(folder[$"data/{split}/{name}/{i}.png"], image);
                }
            }
        return folder["data"];
    }
}
