using Vision.Cli.Demo;
using Vision.Testing;

namespace Vision.Cli.Tests;

/// <summary>A model that the command line itself trained for a few steps on drawn shapes; shared by all tests that need one.</summary>
public sealed class TrainedModel : IDisposable
{
    internal const string Name = "fasterrcnn_resnet18_fpn";

    private readonly TempFolder folder = new();

    public TrainedModel()
    {
        ShapeDataset.Write(Data, "train", count: 6, size: 64, seed: 1);
        ShapeDataset.Write(Data, "val", count: 3, size: 64, seed: 2);
        Output = Tool.Run("train", Name, "--data", Data, "--epochs", "2", "--batch-size", "2", "--min-size", "64", "--max-size", "96",
            "--out", Run).Succeeded();
    }

    /// <summary>The data set.</summary>
    public string Data => folder["data"];

    /// <summary>The folder of the run.</summary>
    public string Run => folder["run"];

    /// <summary>What training printed.</summary>
    public string Output { get; }

    /// <summary>The weights.</summary>
    public string Weights => Path.Combine(Run, "last.safetensors");

    /// <summary>An image of the data set.</summary>
    public string Image => Path.Combine(Data, "images", "val", "0001.png");

    public void Dispose() => folder.Dispose();
}
