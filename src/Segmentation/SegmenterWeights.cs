using System.IO.Enumeration;
using Vision.Backbones;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>State dicts of segmenters: what they tell about the network they belong to, and how they get into one.</summary>
public static class SegmenterWeights
{
    private const string Head = "classifier.", Auxiliary = "aux_classifier.", AuxiliaryClasses = "aux_classifier.4";

    /// <summary>The options of the network that a state dict belongs to, so far as it shows them:
    /// classes, and whether there is an auxiliary head.</summary>
    /// <param name="name">The segmenter's name in <see cref="SegmenterCatalog"/>.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <exception cref="WeightsException">It is not one of such a segmenter.</exception>
    public static SegmenterOptions OptionsFor(string name, IReadOnlyDictionary<string, Tensor> weights, string source) =>
        ClassesOf(name, weights) is { } classes
        ? new() { NumClasses = classes, Auxiliary = weights.Keys.Any(key => key.StartsWith(Auxiliary, StringComparison.Ordinal)) }
        : throw new WeightsException($"{source} does not hold the weights of a {name}: give those of such a segmenter.");

    /// <summary>The classes of a state dict; null if it is not one of such a segmenter.</summary>
    public static int? ClassesOf(string name, IReadOnlyDictionary<string, Tensor> weights)
    {
        SegmenterArchitecture architecture = SegmenterCatalog.ArchitectureOf(name);
        return architecture.Recognizes(key => weights.ContainsKey(Head + key))
            && weights.TryGetValue($"{Head}{architecture.ClassLayers[0]}.weight", out Tensor? layer) ? (int)layer.shape[0] : null;
    }

    /// <summary>
    /// Loads what another training can start from: all of a segmenter's state dict, without the last layers where it
    /// has other classes; or a classifier's state dict into the backbone.
    /// </summary>
    /// <param name="model">The segmenter.</param>
    /// <param name="name">Its name in <see cref="SegmenterCatalog"/>.</param>
    /// <param name="weights">A segmenter's or a backbone's state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <returns>Patterns of the keys that keep their freshly drawn weights; none if all was loaded.</returns>
    /// <exception cref="WeightsException">Another key is missing, unexpected or of another shape; the message names all.</exception>
    public static IReadOnlyList<string> LoadForTraining(Segmenter model, string name, IReadOnlyDictionary<string, Tensor> weights,
        string source)
    {
        if (ClassesOf(name, weights) is null)
        {
            ClassifierHead.LoadWithout(model.Backbone, weights, source);
            return ["all but the backbone"];
        }
        Dictionary<string, Tensor> own = model.state_dict();
        List<string> fresh = [.. model.Architecture.ClassLayers.Select(layer => $"{Head}{layer}.*")
            .Append($"{AuxiliaryClasses}.*").Where(pattern => own.Any(entry =>
            FileSystemName.MatchesSimpleExpression(pattern, entry.Key, ignoreCase: false)
                && weights.TryGetValue(entry.Key, out Tensor? given) && !given.shape.SequenceEqual(entry.Value.shape)))];
        bool had = weights.Keys.Any(IsAuxiliary), has = own.Keys.Any(IsAuxiliary);
        if (had != has) fresh.Add($"{Auxiliary}*");
        model.LoadWeights(weights, source, [.. fresh]);
        return fresh;
    }

    private static bool IsAuxiliary(string key) => key.StartsWith(Auxiliary, StringComparison.Ordinal);
}
