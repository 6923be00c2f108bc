using System.IO.Enumeration;
using Vision.Backbones;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>State dicts of segmenters: infers the options of their network, and loads them.</summary>
public static class SegmenterWeights
{
    private const string Head = "classifier.", Auxiliary = "aux_classifier.", AuxiliaryClasses = "aux_classifier.4";

    /// <summary>The options of the network that a state dict belongs to, as far as it shows them:
    /// the classes, and whether there is an auxiliary head.</summary>
    /// <param name="name">The segmenter's name in <see cref="SegmenterCatalog"/>.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <exception cref="WeightsException">The state dict does not belong to such a segmenter.</exception>
    public static SegmenterOptions OptionsFor(string name, IReadOnlyDictionary<string, Tensor> weights, string source) =>
        ClassesOf(name, weights) is { } classes
            ? new() { NumClasses = classes, Auxiliary = weights.Keys.Any(key => key.StartsWith(Auxiliary, StringComparison.Ordinal)) }
            : throw new WeightsException($"{source} does not contain weights of a {name}; load a file of this segmenter.");

    /// <summary>The number of classes of a state dict; null if it does not belong to such a segmenter.</summary>
    public static int? ClassesOf(string name, IReadOnlyDictionary<string, Tensor> weights)
    {
        SegmenterArchitecture architecture = SegmenterCatalog.ArchitectureOf(name);
        return architecture.Recognizes(key => weights.ContainsKey(Head + key))
            && weights.TryGetValue($"{Head}{architecture.ClassLayers[0]}.weight", out Tensor? layer)
            ? (int)layer.shape[0]
            : null;
    }

    /// <summary>
    /// Loads initial weights for training: a segmenter's whole state dict, except the last layers if its
    /// classes differ, or a classifier's state dict into the backbone.
    /// </summary>
    /// <param name="model">The segmenter.</param>
    /// <param name="name">Its name in <see cref="SegmenterCatalog"/>.</param>
    /// <param name="weights">A segmenter's or a backbone's state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <returns>Patterns of the keys that keep their random weights; empty if all weights were loaded.</returns>
    /// <exception cref="WeightsException">Another key is missing, unexpected or of the wrong shape; the message lists all.</exception>
    public static IReadOnlyList<string> LoadForTraining(Segmenter model, string name, IReadOnlyDictionary<string, Tensor> weights,
        string source)
    {
        if (ClassesOf(name, weights) is null)
        {
            ClassifierHead.LoadWithout(model.Backbone, weights, source);
            return ["all layers except the backbone"];
        }
        Dictionary<string, Tensor> own = model.state_dict();
        IEnumerable<string> layers = [.. model.Architecture.ClassLayers.Select(layer => $"{Head}{layer}.*"), $"{AuxiliaryClasses}.*"];
        List<string> fresh = [.. layers.Where(pattern => own.Any(entry =>
            FileSystemName.MatchesSimpleExpression(pattern, entry.Key, ignoreCase: false)
            && weights.TryGetValue(entry.Key, out Tensor? given) && !given.shape.SequenceEqual(entry.Value.shape)))];
        bool had = weights.Keys.Any(IsAuxiliary), has = own.Keys.Any(IsAuxiliary);
        if (had != has) fresh.Add($"{Auxiliary}*");
        model.LoadWeights(weights, source, [.. fresh]);
        return fresh;
    }

    private static bool IsAuxiliary(string key) => key.StartsWith(Auxiliary, StringComparison.Ordinal);
}
