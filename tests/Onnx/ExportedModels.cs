using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Detection;
using Vision.Segmentation;
using Vision.Testing;
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

    /// <summary>A detector that finds many objects of different scores in photographs.</summary>
    public static (Detector Network, DetectorDescription Description) Detector(string name,
        Func<DetectorOptions, DetectorOptions>? adapt = null)
    {
        DetectorOptions options = SmallDetectors.Options(name, scoreThreshold: 0.05);
        if (options.MinSize != options.MaxSize) options = options with { MinSize = 160, MaxSize = 224 };
        options = options with
        {
            // SSD300's own values are so large that an untrained network is sure of everything.
            ImageStd = [0.225f, 0.225f, 0.225f],
            Rpn = options.Rpn with { PredictTopPerLevel = 200, PredictProposals = 60 },
            Roi = options.Roi with { DetectionsPerImage = 40 },
            Detr = options.Detr with { Queries = 30 },
        };
        options = adapt?.Invoke(options) ?? options;
        random.manual_seed(3);
        Detector network = DetectorCatalog.Create(name, options);
        Fill(network);
        Spread(network);
        return (network, new()
        {
            Model = name, Options = options,
            Categories = [.. Enumerable.Range(1, options.NumClasses - 1).Select(label => new Category(label, $"class {label}"))],
        });
    }

    // Untrained heads score everything alike, so that rounding would decide what is found.
    private static void Spread(nn.Module network)
    {
        using var noGradient = no_grad();
        foreach (var (key, value) in network.named_parameters())
        {
            if (key.StartsWith("backbone.body", StringComparison.Ordinal)) continue;
            double gain = boxLayers.Any(layer => key.Contains(layer, StringComparison.Ordinal)) ? 0.3
                : scoreLayers.Any(layer => key.Contains(layer, StringComparison.Ordinal)) ? 4 : 1.4;
            if (value.dim() > 1) value.normal_(0, gain / Math.Sqrt(value.numel() / value.shape[0]));
            else if (key.EndsWith("bias", StringComparison.Ordinal)) value.normal_(0, 0.3);
        }
    }

    private static readonly string[] boxLayers = ["bbox_pred", "bbox_reg", "regression_head.module_list", "reg_preds"];
    private static readonly string[] scoreLayers = ["cls_", "classification_head.module_list", "obj_preds", "head.preds", "class_embed"];

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
