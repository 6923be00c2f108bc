using Vision.Backbones;
using Vision.Segmentation;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The segmenter that a training begins with: freshly drawn, or from given weights as far as they fit.</summary>
internal static class StartingSegmenter
{
    /// <summary>Builds it.</summary>
    /// <param name="model">The segmenter's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="weights">A segmenter's or a classifier's file; null for none.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <returns>The network, and a line that says where its weights are from.</returns>
    public static (Segmenter Model, string Origin) Create(string model, SegmenterOptions options, string? weights, long seed)
    {
        manual_seed(seed);
        Segmenter network = SegmenterCatalog.Create(model, options with { ChannelsLast = true });
        if (weights is null) return (network, "from scratch");

        var tensors = WeightFile.Read(weights);
        try
        {
            IReadOnlyList<string> fresh = SegmenterWeights.LoadForTraining(network, model, tensors, weights);
            return (network, fresh.Count == 0 ? $"from {weights}" : $"from {weights}, with fresh {string.Join(", ", fresh)}");
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }
}
