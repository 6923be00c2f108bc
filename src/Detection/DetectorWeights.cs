using System.Globalization;
using System.IO.Enumeration;
using Vision.Backbones;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>State dicts of detectors: infers the options of their network, and converts the
/// old key formats of some torchvision files.</summary>
public static class DetectorWeights
{
    /// <summary>The keys that deformable convolutions have and plain ones lack.</summary>
    private const string Offsets = "*.conv2_offset.*";

    /// <summary>The options of the network that a state dict belongs to, as far as it shows them:
    /// the classes, and whether batch normalization is frozen.</summary>
    /// <param name="name">The detector's name in <see cref="DetectorCatalog"/>.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <exception cref="WeightsException">The state dict does not belong to such a detector.</exception>
    public static DetectorOptions OptionsFor(string name, IReadOnlyDictionary<string, Tensor> weights, string source) =>
        DetectorCatalog.ArchitectureOf(name).ClassesOf(weights) is { } classes
            ? DetectorCatalog.ArchitectureOf(name).ReadOptions(DetectorCatalog.DefaultsOf(name, classes) with
            {
                Norm = NormOf(weights),
                DeformableStages = DeformableStagesOf(weights),
            }, weights)
            : throw new WeightsException($"{source} does not contain weights of a {name}; load a file of this detector.");

    /// <summary>Loads a state dict strictly, in the current or the old key format.</summary>
    /// <param name="model">The detector.</param>
    /// <param name="weights">Its state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <exception cref="WeightsException">A key is missing, unexpected or of the wrong shape; the message lists all.</exception>
    public static void Load(Detector model, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        using var scope = NewDisposeScope();
        model.LoadWeights(Upgrade(weights), source);
    }

    /// <summary>
    /// Loads initial weights for training: a detector's whole state dict, except the last layers if its classes differ,
    /// or a classifier's state dict into the backbone.
    /// </summary>
    /// <param name="model">The detector.</param>
    /// <param name="name">Its name in <see cref="DetectorCatalog"/>.</param>
    /// <param name="weights">A detector's or a backbone's state dict.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <returns>Patterns of the keys that keep their random weights; empty if all weights were loaded.</returns>
    /// <exception cref="WeightsException">Another key is missing, unexpected or of the wrong shape; the message lists all.</exception>
    public static IReadOnlyList<string> LoadForTraining(Detector model, string name, IReadOnlyDictionary<string, Tensor> weights,
        string source)
    {
        DetectorArchitecture architecture = DetectorCatalog.ArchitectureOf(name);
        if (architecture.ClassesOf(weights) is null)
        {
            ClassifierHead.LoadWithout(model.Backbone, weights, source, HaveOffsets(weights) ? [] : [Offsets]);
            return ["all layers except the backbone"];
        }
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> own = model.state_dict();
        List<string> fresh = [.. architecture.ClassLayers.Where(pattern => own.Any(entry =>
            Matches(entry.Key, pattern) && weights.TryGetValue(entry.Key, out Tensor? given)
                && !given.shape.SequenceEqual(entry.Value.shape)))];
        // Plain convolutions are loaded into deformable ones.
        if (own.Keys.Any(key => Matches(key, Offsets)) && !HaveOffsets(weights)) fresh.Add(Offsets);
        model.LoadWeights(Upgrade(weights), source, [.. fresh]);
        return fresh;
    }

    /// <summary>
    /// A state dict with the current key names. Files from before torchvision 0.13, including the published ones, have no Sequential around
    /// the convolutions of the pyramid, the RPN and the mask head.
    /// </summary>
    /// <remarks>
    /// Among them, files with frozen batch normalization were trained with ε = 0, which torchvision sets for the published ones after
    /// loading. Here the scale is corrected instead, weight·√((var + ε)/var), so that the network and its saved files keep one ε.
    /// </remarks>
    /// <returns>The given dict if its format is current; otherwise a new one, with new tensors where values changed.</returns>
    public static IReadOnlyDictionary<string, Tensor> Upgrade(IReadOnlyDictionary<string, Tensor> weights)
    {
        if (!weights.Keys.Any(IsOld)) return weights;
        // FCOS and the MobileNets are newer than the correction of ε; RetinaNet's head has had Sequential convolutions since 0.13.
        bool hadNoEpsilon = NormOf(weights) == NormKind.FrozenBatchNorm
            && !weights.ContainsKey("head.regression_head.bbox_ctrness.weight") && !weights.ContainsKey("backbone.body.0.0.weight");
        bool hasOldHead = weights.ContainsKey("head.classification_head.conv.2.weight");
        return weights.ToDictionary(entry => NewName(entry.Key, hasOldHead), entry =>
            hadNoEpsilon && VarianceOf(entry.Key, weights) is { } variance
                ? entry.Value * ((variance + FrozenBatchNorm2d.Epsilon) / variance).sqrt()
                : entry.Value);
    }

    private static bool Matches(string key, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, key, ignoreCase: false);

    private static bool HaveOffsets(IReadOnlyDictionary<string, Tensor> weights) => weights.Keys.Any(key => Matches(key, Offsets));

    private static int DeformableStagesOf(IReadOnlyDictionary<string, Tensor> weights) =>
        Enumerable.Range(1, 4).Count(layer => weights.Keys.Any(key => Matches(key, $"*.layer{layer}{Offsets}")));

    private static bool IsOld(string key) => NewName(key, false) != key;

    private static string NewName(string key, bool hasOldHead) => key.Split('.') switch
    {
        ["head", var part, "conv", var index, var kind] when hasOldHead =>
            $"head.{part}.conv.{int.Parse(index, CultureInfo.InvariantCulture) / 2}.0.{kind}",
        ["backbone", "fpn", "inner_blocks" or "layer_blocks", _, "weight" or "bias"] or ["rpn", "head", "conv", "weight" or "bias"] =>
            key.Insert(key.LastIndexOf('.'), key.StartsWith("rpn", StringComparison.Ordinal) ? ".0.0" : ".0"),
        ["roi_heads", "mask_head", var block, var kind] when block.StartsWith("mask_fcn", StringComparison.Ordinal) =>
            $"roi_heads.mask_head.{block[^1] - '1'}.0.{kind}",
        _ => key,
    };

    /// <summary>The variance that belongs to a batch normalization's scale; null if the key is not such a scale.</summary>
    private static Tensor? VarianceOf(string key, IReadOnlyDictionary<string, Tensor> weights) =>
        key.EndsWith(".weight", StringComparison.Ordinal) ? weights.GetValueOrDefault(key[..^"weight".Length] + "running_var") : null;

    /// <summary>The normalization inferred from the backbone's running statistics; null if it has none, as with
    /// layer or group normalization.</summary>
    private static NormKind? NormOf(IReadOnlyDictionary<string, Tensor> weights)
    {
        string[] keys = [.. weights.Keys.Where(key =>
            !key.StartsWith("roi_heads.", StringComparison.Ordinal) && !key.StartsWith("backbone.fpn.", StringComparison.Ordinal))];
        return keys.Any(key => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) ? NormKind.BatchNorm
            : keys.Any(key => key.EndsWith(".running_var", StringComparison.Ordinal)) ? NormKind.FrozenBatchNorm
            : null;
    }
}
