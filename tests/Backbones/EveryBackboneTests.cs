using TorchSharp;
using TorchSharp.Modules;
using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Backbones.Tests;

/// <summary>What holds for every registered backbone, and, for those that torchvision has, that they are the same.</summary>
[Trait("Category", "Slow")]
public sealed class EveryBackboneTests(EveryBackboneTests.Torchvision torchvision) : IClassFixture<EveryBackboneTests.Torchvision>
{
    // Larger networks have the blocks of smaller ones, and would take minutes together.
    private const double FlopsCountedBelow = 2;
    private const long OutputStride16Below = 10_000_000, OutputStride8Below = 100_000_000, GradientsBelow = 300_000_000;

    public static TheoryData<string> Names => [.. BackboneRegistry.Names];

    /// <summary>torchvision's networks by name, with weights made by formula; asked for once.</summary>
    public sealed class Torchvision
    {
        private readonly Lazy<(ILookup<string, string> Keys, Dictionary<string, Tensor> Logits)> answer = new(Ask);

        /// <summary>"KEY [SHAPE]" of a network; none where torchvision has no such network.</summary>
        public IEnumerable<string> Keys(string name) => answer.Value.Keys[name];

        /// <summary>What it makes of <see cref="Picture"/>; null for the largest.</summary>
        public Tensor? Logits(string name) => answer.Value.Logits.GetValueOrDefault(name);

        private static (ILookup<string, string>, Dictionary<string, Tensor>) Ask()
        {
            using TempFolder folder = new();
            Peer.Run("backbone_filled.py", [folder["keys.txt"], folder["logits.pth"], .. BackboneRegistry.Names]);
            var keys = File.ReadAllLines(folder["keys.txt"])
                .Select(line => line.Split(' ', 2)).ToLookup(parts => parts[0], parts => parts[1]);
            var logits = WeightFile.Read(folder["logits.pth"]);
            foreach (Tensor tensor in logits.Values) tensor.DetachFromDisposeScope();
            return (keys, logits);
        }
    }

    // One network for all checks: drawing its weights is most of the time.
    [SkippableTheory, MemberData(nameof(Names))]
    public void ItIsWhatTheRegistrySaysAndTrains(string name)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        using Backbone backbone = BackboneRegistry.Create(name, new BackboneOptions { StochasticDepth = 0 });
        CheckFacts(backbone, BackboneRegistry.Get(name).Facts);
        KeepFinite(backbone);
        CheckPrediction(backbone);
        if (BackboneRegistry.Get(name).Facts.Parameters < GradientsBelow) CheckGradients(backbone);
        CheckAgainstTorchvision(backbone, name);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItKeepsResolutionAtSmallerOutputStrides(string name)
    {
        using var scope = NewDisposeScope();
        long parameters = BackboneRegistry.Get(name).Facts.Parameters;
        int[] strides = parameters < OutputStride16Below ? [16, 8] : parameters < OutputStride8Below ? [8] : [];
        foreach (int outputStride in strides)
        {
            Backbone backbone;
            try
            {
                backbone = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = 0, OutputStride = outputStride });
            }
            catch (ArgumentException refusal)
            {
                // Swin merges pixels: the only one that has nothing to dilate.
                Assert.StartsWith("swin_", name);
                Assert.Contains("output stride", refusal.Message, StringComparison.OrdinalIgnoreCase);
                continue;
            }
            using (backbone)
            using (no_grad())
            {
                KeepFinite(backbone);
                backbone.eval();
                Assert.Equal(
                    BackboneRegistry.Get(name).Facts.Stages.Select(stage => (stage.Channels, Math.Min(stage.Reduction, outputStride))),
                    backbone.Stages.Select(stage => (stage.Channels, stage.Reduction)));
                CheckStages(backbone, Images(backbone, 1));
            }
        }
    }

    // Predicting with fresh statistics, a thousand residual blocks double their variance a thousand times.
    private static void KeepFinite(Backbone backbone)
    {
        if (backbone is not (CifarResNet or PreActivationResNet)) return;
        using var noGradient = no_grad();
        foreach (var parameter in backbone.parameters().Where(parameter => parameter.dim() == 4)) parameter.mul_(0.5);
    }

    private static void CheckFacts(Backbone backbone, BackboneFacts facts)
    {
        Assert.Equal(facts.Stages, backbone.Stages.Select(stage => (stage.Channels, stage.Reduction)));
        Assert.Equal(facts.Parameters, backbone.parameters().Sum(parameter => parameter.numel()));
        if (facts.GigaFlops < FlopsCountedBelow)
            Assert.Equal(facts.GigaFlops, MultiplyAdds(backbone, [1, 3, 224, 224]) / 1e9, 0.00051);
    }

    private static void CheckPrediction(Backbone backbone)
    {
        backbone.eval();
        using var noGradient = no_grad();
        Tensor images = Images(backbone, 2);
        CheckStages(backbone, images);
        Tensor logits = backbone.call(images);
        for (int i = 0; i < 2; i++) Close.To(backbone.call(images.narrow(0, i, 1)), logits.narrow(0, i, 1), 1e-3, $"logits of image {i}");
    }

    private static void CheckGradients(Backbone backbone)
    {
        backbone.train();
        Tensor logits = backbone.call(Images(backbone, 2));
        Assert.True(Finite.All(logits), "The logits are not finite.");
        (logits * randn_like(logits)).sum().backward();
        foreach (var (name, parameter) in backbone.named_parameters())
        {
            Assert.True(parameter.grad is not null, $"{name} has no gradient.");
            Assert.True(Finite.All(parameter.grad!), $"{name}'s gradient is not finite.");
        }
    }

    private void CheckAgainstTorchvision(Backbone backbone, string name)
    {
        string[] expected = [.. torchvision.Keys(name)];
        if (expected.Length == 0) return;  // torchvision has no such network
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            backbone.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]").Order(StringComparer.Ordinal));
        if (torchvision.Logits(name) is not { } logits) return;
        // In double precision: by these weights the signal of a deep network grows without
        // bounds, and single precision's roundings with it.
        backbone.to(float64).eval();
        Families.Fill(backbone);
        using var noGradient = no_grad();
        Close.To(backbone.call(Picture()), logits, 1e-8, "logits");
    }

    // The same as in tools/Parity/backbone_filled.py.
    private static Tensor Picture() => (arange(3 * 64 * 96, float64).square() * 0.001).cos().reshape(1, 3, 64, 96);

    private static void CheckStages(Backbone backbone, Tensor images)
    {
        Tensor[] outputs = backbone.forward_features(images, [.. Enumerable.Range(0, backbone.Stages.Count)]);
        foreach (var (stage, output) in backbone.Stages.Zip(outputs))
        {
            Assert.Equal([images.shape[0], stage.Channels, images.shape[2] / stage.Reduction, images.shape[3] / stage.Reduction],
                output.shape);
            Assert.True(Finite.All(output), $"{stage.Name} is not finite.");
            Assert.Contains(backbone.named_modules(), module => module.name == stage.Name);
        }
    }

    // Two pixels or more at the last stage, of sides that differ: batch normalization needs more than one value.
    private static Tensor Images(Backbone backbone, int count)
    {
        int step = Math.Max(8, backbone.Stages[^1].Reduction);
        return randn(count, 3, step, 2 * step);
    }

    private static long MultiplyAdds(Backbone backbone, long[] shape)
    {
        long total = 0;
        foreach (nn.Module module in backbone.modules())
        {
            if (module is nn.Module<Tensor, Tensor> convolution && Conv3x3.ParametersOf(module) is ({ } weight, _))
            {
                long perValue = weight.numel() / weight.shape[0];
                convolution.register_forward_hook((_, _, output) => Count(output, perValue));
            }
            else if (module is Linear linear)
                linear.register_forward_hook((_, _, output) => Count(output, linear.weight!.shape[1]));
        }
        backbone.eval();
        using var noGradient = no_grad();
        using Tensor image = zeros(shape);
        using Tensor logits = backbone.call(image);
        return total;

        Tensor Count(Tensor output, long perValue)
        {
            total += output.numel() * perValue;
            return output;
        }
    }
}
