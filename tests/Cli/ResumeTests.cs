using System.Diagnostics;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Cli.Tests;

[Collection(TrainedModelCollection.Name)]
public class ResumeTests(TrainedModel trained)
{
    [Fact]
    public void AKilledRunResumedEndsWithTheSameWeights()
    {
        using TempFolder folder = new();
        string[] command = ["train", TrainedModel.Name, "--data", trained.Data, "--epochs", "2", "--batch-size", "2", "--min-size", "64",
            "--max-size", "96", "--out", folder["run"]];

        using (Process process = Tool.Start(command))
        {
            // Killed at no particular moment of the second epoch: after the first one's checkpoint is there.
            while (!File.Exists(folder["run/last.safetensors"]))
            {
                Assert.False(process.HasExited, "It ended before it could be killed.");
                Thread.Sleep(5);
            }
            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }
        Tool.Run([.. command, "--resume"]).Succeeded();

        using var scope = NewDisposeScope();
        var resumed = WeightFile.Read(folder["run/last.safetensors"]);
        var uninterrupted = WeightFile.Read(trained.Weights);
        Assert.Equal(uninterrupted.Keys.Order(), resumed.Keys.Order());
        foreach (var (name, weight) in uninterrupted) Assert.True(weight.Equals(resumed[name]), $"{name} differs.");
    }
}
