using Vision.Segmentation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The segmenter that training starts from: with random weights, or with given weights as far as they fit.</summary>
internal static class StartingSegmenter
{
    /// <summary>Builds it.</summary>
    /// <param name="model">The segmenter's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="weights">A segmenter's or a classifier's file; null for none.</param>
    /// <param name="seed">The seed of random weights.</param>
    /// <returns>The network, and a line that tells where its weights come from.</returns>
    public static (Segmenter Model, string Origin) Create(string model, SegmenterOptions options, string? weights, long seed)
    {
        manual_seed(seed);
        Segmenter network = SegmenterCatalog.Create(model, options with { ChannelsLast = true });
        if (weights is null) return (network, "from scratch");

        using var scope = NewDisposeScope();
        var tensors = WeightFile.Read(weights);
        IReadOnlyList<string> fresh = SegmenterWeights.LoadForTraining(network, model, tensors, weights);
        return (network, fresh.Count == 0 ? $"from {weights}" : $"from {weights}, with new {string.Join(", ", fresh)}");
    }
}
