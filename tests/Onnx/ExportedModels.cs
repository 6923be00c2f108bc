using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Segmentation;
using static TorchSharp.torch;

namespace Vision.Onnx.Tests;

/// <summary>Untrained networks, exported.</summary>
internal static class ExportedModels
{
    public const int Classes = 7;

    /// <summary>A classifier with norms that are not the identity.</summary>
    public static (Backbone Network, ClassifierDescription Description) Classifier(string name)
    {
        random.manual_seed(3);
        Backbone network = BackboneRegistry.Create(name, new BackboneOptions { NumClasses = Classes });
        Fill(network);
        return (network, new() { Model = name, Categories = Categories, Preprocessing = ClassifierDescription.UsualPreprocessing(name) });
    }

    /// <summary>A segmenter with norms that are not the identity.</summary>
    public static (Segmenter Network, SegmenterDescription Description) Segmenter(string name, string? backbone = null)
    {
        random.manual_seed(3);
        SegmenterOptions options = new() { NumClasses = Classes, Backbone = backbone };
        Segmenter network = SegmenterCatalog.Create(name, options);
        Fill(network);
        return (network, new() { Model = name, Categories = Categories, Options = options });
    }

    private static Category[] Categories => [.. Enumerable.Range(0, Classes).Select(i => new Category(i, $"class {i}"))];

    // The activations keep their size over any depth.
    private static void Fill(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var (key, value) in network.state_dict())
        {
            if (key.EndsWith("running_mean", StringComparison.Ordinal)) value.normal_(0, 0.1);
            else if (key.EndsWith("running_var", StringComparison.Ordinal)) value.uniform_(0.8, 1.2);
            else if (value.dim() == 1 && value.is_floating_point() && key.EndsWith("weight", StringComparison.Ordinal))
                value.uniform_(0.4, 0.6);
        }
        network.eval();
    }
}
