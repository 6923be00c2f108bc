using TorchSharp;
using Vision.Backbones;
using Vision.Detection;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The detector that a training begins with: freshly drawn, or from given weights as far as they fit.</summary>
internal static class StartingDetector
{
    /// <summary>torchvision's default with trained weights: the stem and the first stage are not trained.</summary>
    private const int FrozenStages = 2;

    /// <summary>Builds it.</summary>
    /// <param name="model">The detector's name.</param>
    /// <param name="options">Its options; normalization and frozen stages are taken from the weights where there are any.</param>
    /// <param name="weights">A detector's or a classifier's file; null for none.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <returns>The network, the options that it was built with, and a line that says where its weights are from.</returns>
    public static (Detector Network, DetectorOptions Options, string Origin) Create(string model, DetectorOptions options, string? weights,
        long seed)
    {
        manual_seed(seed);
        options = options with { ChannelsLast = true };  // speed counts for more here than torchvision's last digit
        if (weights is null) return (DetectorCatalog.Create(model, options), options, "from scratch");

        var tensors = WeightFile.Read(weights);
        try
        {
            bool isDetector = DetectorCatalog.ArchitectureOf(model).ClassesOf(tensors) is not null;
            options = options with { Ssd =
                options.Ssd with { ReducedTail = isDetector && DetectorWeights.OptionsFor(model, tensors, weights).Ssd.ReducedTail } };
            // A classifier without running statistics has another normalization than batch norm: its architecture's own.
            NormKind? norm = isDetector ? DetectorDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights)?.Options.Norm
                ?? DetectorWeights.OptionsFor(model, tensors, weights).Norm
                : tensors.Keys.Any(key => key.EndsWith(".running_var", StringComparison.Ordinal)) ? NormKind.FrozenBatchNorm : null;
            options = options with { Norm = norm, FrozenStages = norm == NormKind.FrozenBatchNorm ? FrozenStages : 0 };
            Detector detector = DetectorCatalog.Create(model, options);
            IReadOnlyList<string> fresh = DetectorWeights.LoadForTraining(detector, model, tensors, weights);
            return (detector, options, fresh.Count == 0 ? $"from {weights}" : $"from {weights}, with new {string.Join(", ", fresh)}");
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }
}
