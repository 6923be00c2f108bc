using Vision.Backbones;
using Vision.Classification;
using Vision.Data;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Training;

/// <summary>The classifier that training starts from: with random weights, or with given weights as far as they fit.</summary>
internal static class StartingClassifier
{
    /// <summary>The preprocessing of images: that of the weights, or the model's default.</summary>
    public static Preprocessing PreprocessingOf(string model, string? weights) =>
        (weights is null ? null : ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights))?.Preprocessing
            ?? ClassifierDescription.UsualPreprocessing(model, weights);

    /// <summary>Builds it.</summary>
    /// <param name="model">The classifier's name.</param>
    /// <param name="categories">The classes to train on.</param>
    /// <param name="weights">A classifier's file; null for none.</param>
    /// <param name="freshHead">Whether to leave out the file's last layer even if the number of classes is the same.</param>
    /// <param name="seed">The seed of random weights.</param>
    /// <returns>The network, and a line that tells where its weights come from.</returns>
    public static (Backbone Model, string Origin) Create(string model, IReadOnlyList<Category> categories, string? weights, bool freshHead,
        long seed)
    {
        manual_seed(seed);
        Backbone network = ClassifierWeights.Create(model, categories.Count);
        if (weights is null) return (network, "from scratch");

        using var scope = NewDisposeScope();
        var tensors = WeightFile.Read(weights);
        IReadOnlyList<Category>? learned = ClassifierDescription.FromMetadata(WeightFile.ReadMetadata(weights), weights)?.Categories;
        string? fresh = ClassifierWeights.LoadForTraining(network, tensors, weights, freshHead ? [] : learned, categories);
        return (network, fresh is null ? $"from {weights}"
            : $"from {weights}, with a new {fresh} for {categories.Count} classes (the file has " +
            $"{ClassifierHead.ClassesOf(network, tensors)?.ToString() ?? "no"})");
    }
}
