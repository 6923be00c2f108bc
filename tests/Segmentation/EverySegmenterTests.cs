using Vision.Backbones;
using Vision.Data;
using Vision.Ops;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Segmentation.Tests;

/// <summary>What holds for every segmenter of the catalog, on any backbone and at any size.</summary>
[Trait("Category", "Slow")]
public class EverySegmenterTests
{
    private static readonly string[] backbones = ["resnet18", "mobilenet_v3_small", "regnet_x_400mf", "efficientnet_b0", "convnext_tiny"];

    public static TheoryData<string> Names => [.. SegmenterCatalog.DefaultNames];

    public static TheoryData<string, string> OnFiveBackbones
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in SegmenterCatalog.DefaultNames)
                foreach (string backbone in backbones) all.Add(name, backbone);
            return all;
        }
    }

    [Theory, MemberData(nameof(OnFiveBackbones))]
    public void ItTrainsAndPredictsOnAnyBackboneAtOddSizes(string name, string backbone)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Small(name, backbone);
        CheckTraining(model, Batch((97, 131), (97, 131)));
        model.eval();
        Tensor image = rand(3, 97, 131), logits = model.Logits(image);
        Assert.Equal([1, 4, 97, 131], logits.shape);
        Assert.True(logits.isfinite().all().item<bool>());
        Close.To(model.Logits(image), logits, 0, "called twice");
    }

    [Theory, MemberData(nameof(Names))]
    public void ItTakesImagesOfAnyShapeAndLabelsOfNothing(string name)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Small(name);
        CheckTraining(model, Batch((40, 64), (64, 33)));
        CheckTraining(model, Batch((64, 64)));                      // a last batch of one
        SegmentationBatch nothing = Batch((64, 64), (64, 64));
        foreach (Tensor labels in nothing.Labels) labels.fill_(SegmentationMap.Ignore);
        CheckTraining(model, nothing);
        model.eval();
        foreach (var (height, width) in new[] { (1, 1), (1, 300), (300, 1), (65, 33) })
            Assert.Equal([1, 4, height, width], model.Logits(rand(3, height, width)).shape);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItTrainsInMixedPrecision(string name)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Small(name);
        SegmentationBatch batch = Batch((64, 96), (64, 96));
        using (new Autocast(TorchSharp.DeviceType.CPU, ScalarType.BFloat16)) CheckTraining(model, batch);
        Losses exact = model.ComputeLosses(batch, new CrossEntropy()), mixed;
        using (new Autocast(TorchSharp.DeviceType.CPU, ScalarType.BFloat16)) mixed = model.ComputeLosses(batch, new CrossEntropy());
        Assert.All(mixed, loss => Assert.Equal(ScalarType.Float32, loss.Value.dtype));
        double expected = exact.Total().item<float>();
        Assert.Equal(expected, mixed.Total().item<float>(), 0.1 * expected);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
    }

    /// <summary>Those that need a multiple pad with the mean color and cut it off again; the others take images as they are.</summary>
    [Theory, MemberData(nameof(Names))]
    public void OnlyWhatNeedsAMultiplePads(string name)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Small(name);
        model.eval();
        long divisor = model.Architecture.SizeDivisor;
        Assert.Equal(name.StartsWith("unet", StringComparison.Ordinal) ? 32 : 1, divisor);
        Tensor odd = rand(3, 50, 70), mean = tensor(new[] { 0.485f, 0.456f, 0.406f }).reshape(3, 1, 1);
        long right = (divisor - 70 % divisor) % divisor, below = (divisor - 50 % divisor) % divisor;
        Tensor padded = cat([cat([odd, mean.expand(3, 50, right)], 2), mean.expand(3, below, 70 + right)], 1);
        Close.To(model.Logits(odd), model.Logits(padded).narrow(2, 0, 50).narrow(3, 0, 70), 1e-5, "padded by hand");
        Tensor normalized = (odd - mean) / tensor(new[] { 0.229f, 0.224f, 0.225f }).reshape(3, 1, 1);
        if (divisor == 1) Close.To(model.Logits(odd), model.call(normalized.unsqueeze(0)), 1e-5, "as the network gives it");
    }

    [Theory, MemberData(nameof(Names))]
    public void MemoryFormatChangesNoGradient(string name)
    {
        using var scope = NewDisposeScope();
        using Segmenter plain = Small(name, adapt: options => options with { ChannelsLast = false, Norm = NormKind.GroupNorm }),
            rearranged = Small(name, adapt: options => options with { Norm = NormKind.GroupNorm });
        foreach (Segmenter model in (Segmenter[])[plain, rearranged])
        {
            manual_seed(7);
            // draws in another order
            foreach (var (_, module) in model.named_modules()) if (module is TorchSharp.Modules.Dropout drop) drop.p = 0;
            CheckTraining(model, Batch((64, 64), (64, 64)));
        }
        foreach (var ((key, expected), (_, actual)) in plain.named_parameters().Zip(rearranged.named_parameters()))
        {
            // Of all of a weight's gradient at once: rounding decides which side of a rectifier's kink a pixel falls on, and such
            // a pixel changes few values, but those by percents.
            double scale = Math.Max(1e-3, expected.grad!.norm().item<float>()),
                difference = (expected.grad - actual.grad!).norm().item<float>();
            Assert.True(difference < 1e-2 * scale, $"{key}: {difference} of {scale}.");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void ItsWeightsTellWhatItIs(string name)
    {
        using var scope = NewDisposeScope();
        using Segmenter model = Small(name);
        Dictionary<string, Tensor> weights = model.state_dict();
        SegmenterOptions options = SegmenterWeights.OptionsFor(name, weights, "a file");
        Assert.Equal(4, options.NumClasses);
        Assert.Equal(SegmenterCatalog.ArchitectureOf(name).HasAuxiliary, options.Auxiliary);
        Assert.DoesNotContain(SegmenterCatalog.DefaultNames, other => other != name
            && SegmenterWeights.ClassesOf(other, weights) is not null);

        // Another number of classes: all but the last layers is taken.
        using Segmenter wider = Small(name, adapt: other => other with { NumClasses = 6 });
        IReadOnlyList<string> fresh = SegmenterWeights.LoadForTraining(wider, name, weights, "a file");
        Assert.NotEmpty(fresh);
        Close.To(wider.state_dict()[weights.Keys.First()], weights.Values.First(), 0);
        using Segmenter without = Small(name, adapt: other => other with { Auxiliary = false });
        SegmenterWeights.LoadForTraining(without, name, weights, "a file");
    }

    [Theory, InlineData("deeplabv3_resnet18", "resnet18"), InlineData("lraspp_mobilenet_v3_small", "mobilenet_v3_small")]
    public void AClassifiersWeightsGoIntoTheBackbone(string name, string backbone)
    {
        using var scope = NewDisposeScope();
        using Backbone classifier = BackboneRegistry.Create(backbone, new());
        using Segmenter model = SegmenterCatalog.Create(name, new() { NumClasses = 3 });
        Assert.Equal(["all layers except the backbone"], SegmenterWeights.LoadForTraining(model, name, classifier.state_dict(), "a.pth"));
        Close.To(model.Backbone.parameters().First(), classifier.parameters().First(), 0);
    }

    [Fact]
    public void WhatCannotBeBuiltIsAnsweredInOneLine()
    {
        Assert.Contains("No segmenter is called 'deeplabv4_resnet50'",
            Assert.Throws<UnknownNameException>(() => SegmenterCatalog.Create("deeplabv4_resnet50", new() { NumClasses = 2 })).Message);
        Assert.Contains("expected 1 to 255",
            Assert.Throws<InputException>(() => SegmenterCatalog.Create("unet_resnet18", new() { NumClasses = 300 })).Message);
        Assert.Contains("Swin", Assert.Throws<InputException>(() =>
            SegmenterCatalog.Create("deeplabv3_swin_t", new() { NumClasses = 3 })).Message);
    }

    internal static Segmenter Small(string name, string? backbone = null, Func<SegmenterOptions, SegmenterOptions>? adapt = null)
    {
        manual_seed(3);
        string own = SegmenterCatalog.BackboneOf(name);
        backbone ??= own.StartsWith("mobilenet", StringComparison.Ordinal) ? "mobilenet_v3_small" : "resnet18";
        SegmenterOptions options = new() { NumClasses = 4, Backbone = backbone, ChannelsLast = true };
        return SegmenterCatalog.Create(name, adapt?.Invoke(options) ?? options);
    }

    internal static SegmentationBatch Batch(params (int Height, int Width)[] sizes)
    {
        using var generator = new Generator(5);
        return new()
        {
            Images = [.. sizes.Select(size => rand([3, size.Height, size.Width], generator: generator))],
            Labels = [.. sizes.Select(size => randint(0, 3, [size.Height, size.Width], uint8, generator: generator))],
            Files = [.. sizes.Select((_, i) => $"{i}.png")],
        };
    }

    private static void CheckTraining(Segmenter model, SegmentationBatch batch)
    {
        model.train();
        foreach (var (_, parameter) in model.named_parameters()) parameter.grad = null;
        Losses losses = model.ComputeLosses(batch, new CrossEntropy());
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss.Value.item<float>()), $"{loss.Name} is {loss.Value.item<float>()}."));
        losses.Total().backward();
        foreach (var (key, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && Finite.All(parameter.grad), $"{key} has no gradient, or one that is not finite.");
        foreach (var (key, buffer) in model.named_buffers()) Assert.True(buffer.isfinite().all().item<bool>(), $"{key} is not finite.");
    }
}
