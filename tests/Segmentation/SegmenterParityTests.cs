using TorchSharp;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

/// <summary>torchvision's segmenters: the same weights, logits, losses and gradients.</summary>
[Trait("Category", "Slow")]
public class SegmenterParityTests
{
    [SkippableTheory]
    [InlineData("fcn_resnet50"), InlineData("fcn_resnet101"), InlineData("deeplabv3_resnet50"), InlineData("deeplabv3_resnet101")]
    [InlineData("deeplabv3_mobilenet_v3_large"), InlineData("lraspp_mobilenet_v3_large")]
    public void LogitsLossesAndGradientsAreThePeers(string name)
    {
        using var folder = new TempFolder();
        Peer.Run("segmenter.py", folder["weights.pth"], folder["out.pth"], name);
        using var scope = NewDisposeScope();
        var expected = WeightFile.Read(folder["out.pth"]);
        var weights = WeightFile.Read(folder["weights.pth"]);

        SegmenterOptions options = SegmenterWeights.OptionsFor(name, weights, "weights.pth")
            with { ImageMean = [0, 0, 0], ImageStd = [1, 1, 1] };
        using Segmenter model = SegmenterCatalog.Create(name, options);
        Assert.Equal(weights.Keys.Order(StringComparer.Ordinal), model.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Empty(SegmenterWeights.LoadForTraining(model, name, weights, "weights.pth"));

        model.eval();
        using (no_grad()) Close.To(model.call(expected["images"]), expected["logits"], 1e-5, "logits");
        // An image alone, through what prediction does to it: at this odd size, padding would show.
        for (int i = 0; i < 2; i++)
            Close.To(model.Logits(expected["images"][i]), expected["logits"].narrow(0, i, 1), 1e-5, $"logits of image {i}");

        // In double precision from the first convolution on: in single, roundings move activations near zero
        // across a ReLU's kink, and gradients by hundredths with them.
        model.to(float64).train();
        model.modules().OfType<nn.Module<Tensor, Tensor>>().First(layer => Conv3x3.ParametersOf(layer) is not null)
            .register_forward_pre_hook((_, pixels) => pixels.to(float64));
        manual_seed(2);
        using SegmentationBatch batch = new() { Images = expected["images"].unbind(0), Labels = expected["labels"].to(uint8).unbind(0),
            Files = ["a", "b"] };
        Losses losses = model.ComputeLosses(batch, new CrossEntropy());
        Close.To(losses["out"], expected["out"], 1e-10, "out");
        if (expected.TryGetValue("aux", out Tensor? auxiliary)) Close.To(losses["aux"], auxiliary * 0.5, 1e-10, "aux");
        Close.To(rand(4), expected["after"], 0, "the random numbers after the losses");

        losses.Total().backward();
        // A bias before a batch norm has no gradient in truth: what is left of it is the rounding of the gradients that cancel.
        double rounding = 1e-12 * expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal))
            .Max(entry => entry.Value.abs().max().item<double>());
        foreach (var (key, parameter) in model.named_parameters())
            Close.To(parameter.grad!, expected["grad." + key], 1e-7, $"gradient of {key}", rounding);
        foreach (var (key, buffer) in model.named_buffers().Where(entry => entry.name.Contains("running", StringComparison.Ordinal)))
            Close.To(buffer, expected["after." + key], 1e-10, key);
    }

    [SkippableTheory]
    [InlineData("fcn32s_", 1), InlineData("fcn16s_", 2), InlineData("fcn8s_", 3)]
    [InlineData("deeplabv1_", 1), InlineData("deeplabv2_", 1)]
    [InlineData("deeplabv3plus_", 2), InlineData("deeplabv3plus_", 2, true), InlineData("unet_", 5), InlineData("unetplusplus_", 5),
        InlineData("pspnet_", 1)]
    [InlineData("upernet_", 4), InlineData("semanticfpn_", 4)]
    public void OtherHeadsAreThoseOfTheirDefinitions(string prefix, int stages, bool separable = false)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        manual_seed(5);
        int[] channels = [64, 64, 64, 96, 128];
        // Of the strides that the head is used with, from images of 97×131; DeepLab v3+ has 4 and 16.
        int[] strides = prefix == "deeplabv3plus_" ? [4, 16] : [.. new[] { 2, 4, 8, 16, 32 }.TakeLast(stages)];
        Backbones.Stage[] given = [.. strides.Select((stride, i) =>
            new Backbones.Stage($"stage{i}", channels[^(strides.Length - i)], stride))];
        SegmenterArchitecture architecture = SegmenterCatalog.ArchitectureOf(prefix + "resnet18");
        using SegmentationHead head = architecture.Create(given, new() { NumClasses = 4, Separable = separable });
        MoveNormsOffIdentity(head);
        foreach (var (key, parameter) in head.named_parameters().Where(entry => entry.name.StartsWith("skips", StringComparison.Ordinal)))
            nn.init.normal_(parameter);
        head.eval();

        Tensor[] features = [.. given.Select(stage =>
            randn(2, stage.Channels, (97 + stage.Reduction - 1) / stage.Reduction, (131 + stage.Reduction - 1) / stage.Reduction))];
        Dictionary<string, Tensor> tensors = head.state_dict();
        for (int i = 0; i < features.Length; i++) tensors[$"feature.{i}"] = features[i];
        WeightFile.WriteSafetensors(folder["head.safetensors"], tensors, new Dictionary<string, string>());
        Peer.Run("segmentation_heads.py", folder["head.safetensors"], folder["out.pth"], prefix);
        Tensor expected = WeightFile.Read(folder["out.pth"])["logits"];
        using (no_grad())
        {
            Close.To(head.call(features), expected, 1e-5, "logits");
            Close.To(head.Supervised(features)[0], expected, 1e-5, "supervised logits");
        }
    }

    private static void MoveNormsOffIdentity(nn.Module module)
    {
        using var noGradient = no_grad();
        foreach (var (key, value) in module.state_dict())
        {
            Tensor wave = arange(value.numel(), float32).cos().reshape(value.shape);
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) value.copy_(0.2 * wave);
            else if (key.EndsWith("running_var", StringComparison.Ordinal)) value.copy_(1 + 0.5 * wave);
        }
    }
}
