using TorchSharp;
using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The classifier that a training begins with: freshly drawn, or from given weights as far as they fit.</summary>
internal static class StartingClassifier
{
    /// <summary>What images go through: as the weights say, or as is usual for the model.</summary>
    public static Preprocessing PreprocessingOf(string model, string? weights) =>
        (weights is null ? null : ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights))?.Preprocessing
            ?? ClassifierDescription.UsualPreprocessing(model, weights);

    /// <summary>Builds it.</summary>
    /// <param name="model">The classifier's name.</param>
    /// <param name="categories">The classes to learn.</param>
    /// <param name="weights">A classifier's file; null for none.</param>
    /// <param name="freshHead">Whether to leave the file's last layer out, even where it is for as many classes.</param>
    /// <param name="seed">Decides the fresh weights.</param>
    /// <returns>The network, and a line that says where its weights are from.</returns>
    public static (Backbone Model, string Origin) Create(string model, IReadOnlyList<Category> categories, string? weights, bool freshHead,
        long seed)
    {
        manual_seed(seed);
        Backbone network = ClassifierWeights.Create(model, categories.Count);
        if (weights is null) return (network, "from scratch");

        var tensors = WeightFile.Read(weights);
        try
        {
            IReadOnlyList<Category>? learned = ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights)?.Categories;
            string? fresh = ClassifierWeights.LoadForTraining(network, tensors, weights, freshHead ? [] : learned, categories);
            return (network, fresh is null ? $"from {weights}"
                : $"from {weights}, with a fresh {fresh} for {categories.Count} classes (the file has " +
                $"{ClassifierHead.ClassesOf(network, tensors)?.ToString() ?? "no"})");
        }
        finally
        {
            foreach (Tensor tensor in tensors.Values) tensor.Dispose();
        }
    }
}
