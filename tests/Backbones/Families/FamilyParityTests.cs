using TorchSharp;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>The families beside the ResNets against torchvision: the same seed, the same network.</summary>
[Trait("Category", "Slow")]
public class FamilyParityTests
{
    [SkippableTheory]
    [InlineData("regnet_x_400mf"), InlineData("regnet_y_400mf")]
    [InlineData("mobilenet_v2"), InlineData("mobilenet_v3_small")]
    [InlineData("efficientnet_b0"), InlineData("efficientnet_v2_s")]
    [InlineData("convnext_tiny"), InlineData("densenet121"), InlineData("vgg13_bn"), InlineData("swin_t")]
    public void TheSameSeedGivesTheSameStagesLogitsAndGradients(string name) => Compare(name, "plain", new BackboneOptions());

    [SkippableTheory]
    [InlineData("mobilenet_v3_large"), InlineData("mobilenet_v3_small")]
    public void DilatedMobileNetsAreThoseOfSegmentation(string name) => Compare(name, "dilated", new BackboneOptions { OutputStride = 16 });

    [SkippableTheory]
    [InlineData("mobilenet_v3_small"), InlineData("efficientnet_b0")]
    public void FrozenNormsAreThoseOfDetectors(string name) =>
        Compare(name, "frozen", new BackboneOptions { Norm = NormKind.FrozenBatchNorm });

    private static void Compare(string name, string variant, BackboneOptions options)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        using Backbone model = BackboneRegistry.Create(name, options);
        Tensor next = rand(4);
        // Odd sizes, where paddings and roundings show.
        Peer.Run("backbone_seeded.py", [folder["out.pth"], name, variant, "75x107", .. model.Stages.Select(stage => stage.Name)]);
        var expected = WeightFile.Read(folder["out.pth"]);
        Close.To(next, expected["random"], 0, "the random numbers after the weights");

        Families.MoveNormsOffIdentity(model);
        model.eval();
        using (no_grad())
        {
            Tensor[] stages = model.forward_features(expected["input"], [.. Enumerable.Range(0, model.Stages.Count)]);
            for (int i = 0; i < stages.Length; i++) Close.To(stages[i], expected[$"stage{i}"], 1e-5, model.Stages[i].Name);
            Close.To(model.call(expected["input"]), expected["logits"], 1e-5, "logits");
        }

        // In double precision: in single, each library's roundings move activations near zero across a ReLU's kink, and gradients by
        // thousandths with them. The weights are made by formula now: drawn ones are the same to a digit of single precision.
        model.to(float64).train();
        Families.Fill(model);
        random.manual_seed(3);
        Tensor trained = model.call(expected["input"].to(float64));
        Close.To(trained, expected["trained"], 1e-10, "logits in training");
        (trained * arange(trained.numel(), float64).cos().reshape(trained.shape)).sum().backward();
        // A bias before a batch norm has no gradient in truth: what is left of it is the rounding of the gradients that cancel.
        double rounding = 1e-12 * expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal))
            .Max(entry => entry.Value.abs().max().item<double>());
        foreach (var (key, parameter) in model.named_parameters())
            Close.To(parameter.grad!.flatten().narrow(0, 0, Math.Min(1000, parameter.numel())), expected[$"grad.{key}"], 1e-7,
                $"gradient of {key}", rounding);
        foreach (var (key, buffer) in model.named_buffers().Where(buffer => buffer.name.Contains("running") && options.Norm is null))
            Close.To(buffer, expected[$"after.{key}"], 1e-10, key);
    }
}
