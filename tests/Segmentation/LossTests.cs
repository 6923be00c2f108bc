using Vision.Data;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

public class LossTests
{
    private static readonly Dictionary<string, SegmentationLoss> losses = new()
    {
        ["cross_entropy"] = new CrossEntropy(), ["weighted"] = new CrossEntropy([1, 0.5f, 2, 3, 7]), ["focal"] = new Focal(),
        ["tversky"] = new Tversky(), ["dice"] = Tversky.Dice(),
        ["jaccard"] = Tversky.Jaccard(), ["lovasz"] = new LovaszSoftmax(), ["hard"] = new OhemCrossEntropy(), ["boundary"] = new Boundary(),
        ["sum"] = new WeightedLosses((new CrossEntropy(), 1), (new LovaszSoftmax(), 0.5)),
    };

    public static TheoryData<string> Names => [.. losses.Keys];

    [SkippableFact]
    public void ValuesAndGradientsAreThoseOfThePapers()
    {
        using var folder = new TempFolder();
        Peer.Run("segmentation_losses.py", folder["out.pth"]);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        foreach (var (name, loss) in losses.Where(entry => entry.Key != "sum"))
        {
            using Tensor logits = expected["logits"].clone().requires_grad_();
            Tensor value = loss.Of(logits, expected["labels"]);
            Close.To(value, expected[name], 1e-5, name);
            value.backward();
            Close.To(logits.grad!, expected["grad." + name], 1e-4, "gradient of " + name);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void WhatIsRightCostsLittleAndWhatIsIgnoredNothing(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor labels = randint(0, 3, [2, 8, 9], int64);
        labels[0, TensorIndex.Slice(0, 3)] = SegmentationMap.Ignore;
        Tensor right = 20 * nn.functional.one_hot(labels.clamp(max: 4), 5).permute(0, 3, 1, 2).to(float32);
        Assert.InRange(losses[name].Of(right, labels).item<float>(), 0, 0.02f);

        Tensor changed = right.clone();
        changed[0, TensorIndex.Colon, TensorIndex.Slice(0, 3)] = randn(5, 3, 9);
        if (name != "boundary")
            Close.To(losses[name].Of(changed, labels), losses[name].Of(right, labels), 1e-6, "with other logits where nothing counts");

        using Tensor logits = randn(1, 5, 4, 4).requires_grad_();
        Tensor nothing = losses[name].Of(logits, full([1, 4, 4], SegmentationMap.Ignore, int64));
        Assert.Equal(0, nothing.item<float>());
        nothing.backward();
        Close.To(logits.grad!, zeros(1, 5, 4, 4), 0, "gradient of nothing");
    }

    [Fact]
    public void WeightsOfClassesAreInverseToTheirShares()
    {
        Assert.Equal([0.5f, 1f, 10f, 1f], ClassWeights.MedianFrequency([200, 100, 1, 0]));
        Assert.Equal([1f, 1f], ClassWeights.MedianFrequency([0, 0]));
    }
}
