using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Weights.Tests;

/// <summary>Published files, as they are.</summary>
public sealed class PublishedWeightsTests
{
    [SkippableTheory]
    [InlineData("resnet20-12fca82f.th", 3, "91.7")]
    [InlineData("resnet32-d509ac18.th", 5, "92.7")]
    [InlineData("resnet44-014dd654.th", 7, "93.1")]
    public void CifarResNetsAreRead(string name, int blocks, string accuracy)
    {
        string path = SharedData.Find($"weights/cifar10/{name}");
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = WeightFile.Read(path);

        // Each block has two convolutions and two batch norms of four tensors (the files are older than the count of batches).
        Assert.Equal(1 + 4 + 3 * blocks * (2 + 8) + 2, weights.Count);
        Assert.Equal("conv1.weight", weights.Keys.First());
        Assert.Equal([16, 3, 3, 3], weights["conv1.weight"].shape);
        Assert.Equal([64, 64, 3, 3], weights[$"layer3.{blocks - 1}.conv2.weight"].shape);
        Assert.Equal([10, 64], weights["linear.weight"].shape);
        foreach (Tensor tensor in weights.Values) Assert.True(tensor.isfinite().all().item<bool>());
        Assert.StartsWith(accuracy, WeightFile.ReadMetadata(path)["best_prec1"]);
    }
}
