using Vision.Backbones;
using Vision.Detection;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The detector that training starts from: with random weights, or with given weights as far as they fit.</summary>
internal static class StartingDetector
{
    /// <summary>torchvision's default with pretrained weights: the stem and the first stage are not trained.</summary>
    private const int FrozenStages = 2;

    /// <summary>Builds it.</summary>
    /// <param name="model">The detector's name.</param>
    /// <param name="options">Its options; normalization and frozen stages are taken from the weights if there are any.</param>
    /// <param name="weights">A detector's or a classifier's file; null for none.</param>
    /// <param name="seed">The seed of random weights.</param>
    /// <param name="frozenStages">The number of stages that the trainer freezes instead of the network; null for the default.</param>
    /// <returns>The network, the options that it was built with, and a line that tells where its weights come from.</returns>
    public static (Detector Network, DetectorOptions Options, string Origin) Create(string model, DetectorOptions options, string? weights,
        long seed, int? frozenStages = null)
    {
        manual_seed(seed);
        options = options with { ChannelsLast = true };  // speed matters more here than agreeing with torchvision to the last digit
        if (weights is null) return (DetectorCatalog.Create(model, options), options, "from scratch");

        using var scope = NewDisposeScope();
        var tensors = WeightFile.Read(weights);
        bool isDetector = DetectorCatalog.ArchitectureOf(model).ClassesOf(tensors) is not null;
        bool reducedTail = isDetector && DetectorWeights.OptionsFor(model, tensors, weights).Ssd.ReducedTail;
        options = options with { Ssd = options.Ssd with { ReducedTail = reducedTail } };
        // A classifier without running statistics does not use batch norm but its architecture's own normalization.
        NormKind? norm = isDetector
            ? DetectorDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights)?.Options.Norm
                ?? DetectorWeights.OptionsFor(model, tensors, weights).Norm
            : tensors.Keys.Any(key => key.EndsWith(".running_var", StringComparison.Ordinal)) ? NormKind.FrozenBatchNorm : null;
        options = options with { Norm = norm, FrozenStages = norm == NormKind.FrozenBatchNorm && frozenStages is null ? FrozenStages : 0 };
        Detector detector = DetectorCatalog.Create(model, options);
        IReadOnlyList<string> fresh = DetectorWeights.LoadForTraining(detector, model, tensors, weights);
        return (detector, options, fresh.Count == 0 ? $"from {weights}" : $"from {weights}, with new {string.Join(", ", fresh)}");
    }
}
