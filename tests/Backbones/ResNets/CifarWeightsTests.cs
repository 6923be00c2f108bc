using Vision.Backbones.Weights;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>Trained weights of others on real images: as many right as in PyTorch.</summary>
public class CifarWeightsTests
{
    private const int Side = 32, Images = 5000, BatchSize = 250;

    [SkippableTheory]
    [InlineData("resnet20", "12fca82f", 4065)]
    [InlineData("resnet44", "014dd654", 4135)]
    public void AsManyAreRightAsInPyTorch(string name, string hash, int expected)
    {
        string weights = SharedData.Find($"weights/cifar10/{name}-{hash}.th");
        byte[] records = File.ReadAllBytes(SharedData.Find("data/cifar10/test_batch.bin"));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Backbone model = BackboneRegistry.Create($"{name}_cifar", new BackboneOptions { NumClasses = 10 });
        model.LoadWeights(WeightFile.Read(weights), weights);
        model.eval();

        Tensor rows = tensor(records, uint8).reshape(Images, 1 + 3 * Side * Side);  // a label, then the pixels channel by channel
        Tensor mean = tensor([0.485f, 0.456f, 0.406f]).reshape(3, 1, 1), std = tensor([0.229f, 0.224f, 0.225f]).reshape(3, 1, 1);
        long right = 0;
        for (int first = 0; first < Images; first += BatchSize)
        {
            using var batch = NewDisposeScope();
            Tensor some = rows.narrow(0, first, BatchSize);
            Tensor pixels = some.narrow(1, 1, 3 * Side * Side).to(float32).reshape(BatchSize, 3, Side, Side) / 255;
            Tensor classes = model.call((pixels - mean) / std).argmax(1);
            right += classes.eq(some.select(1, 0).to(int64)).sum().item<long>();
        }
        Assert.Equal(expected, right);
    }
}
