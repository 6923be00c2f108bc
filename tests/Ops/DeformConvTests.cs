using Vision.Backbones.Weights;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Ops.Tests;

public class DeformConvTests
{
    [SkippableFact]
    public void EqualsThePeersValuesAndGradients()
    {
        using var scope = NewDisposeScope();
        using TempFolder folder = new();
        Peer.Run("ops_deform_conv.py", folder["out.pth"]);
        Dictionary<string, Tensor> cases = WeightFile.Read(folder["out.pth"]);
        for (int i = 0; i < 5; i++)
        {
            Dictionary<string, Tensor> inputs = new[] { "input", "offset", "weight", "bias", "mask" }.Where(name => cases.ContainsKey($"{i}.{name}"))
                .ToDictionary(name => name, name => cases[$"{i}.{name}"].clone().requires_grad_());
            long[] options = cases[$"{i}.options"].data<long>().ToArray();
            Tensor output = DeformConv.Conv2d(inputs["input"], inputs["offset"], inputs["weight"], inputs["bias"], options[0], options[1], options[2], inputs.GetValueOrDefault("mask"));
            Close.To(output, cases[$"{i}.output"], 1e-10, $"output {i}");
            output.backward([cases[$"{i}.upstream"]]);
            foreach (var (name, value) in inputs) Close.To(value.grad!, cases[$"{i}.grad.{name}"], 1e-9, $"gradient of {name} {i}");
        }
    }

    [Fact]
    public void WithoutOffsetsItIsAConvolution()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(2, 4, 9, 7), weight = randn(6, 4, 3, 3);
        Close.To(DeformConv.Conv2d(x, zeros(2, 18, 5, 4), weight, null, 2, 1), nn.functional.conv2d(x, weight, null, [2, 2], [1, 1]), 1e-5);
    }

    [Fact]
    public void OffsetsOfAnotherSizeAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[1, a multiple of 18, 9, 7]", Assert.Throws<ArgumentException>(() => DeformConv.Conv2d(zeros(1, 4, 9, 7), zeros(1, 18, 9, 9), zeros(6, 4, 3, 3), null, 1, 1)).Message);
    }
}
