namespace Vision.Backbones;

/// <summary>What is known of a backbone without building it.</summary>
/// <param name="Parameters">Learned numbers, with a classifier of 1000 classes.</param>
/// <param name="GigaFlops">Billions of multiply-adds in the convolutions and linear layers for
/// one image of 224×224, as torchvision counts them.</param>
/// <param name="Stages">The channels and the stride of each of its stages at an output stride of 32, finest first.</param>
/// <param name="Weights">Its published weights, oldest first; none for an architecture that torchvision publishes none of.</param>
public sealed record BackboneFacts(long Parameters, double GigaFlops, IReadOnlyList<(int Channels, int Reduction)> Stages,
    IReadOnlyList<PublishedWeights> Weights)
{
    /// <summary>The weights that are meant where nothing but ImageNet is said: the newest ones trained on ImageNet-1K
    /// alone, as torchvision's default; null where there are none.</summary>
    public PublishedWeights? Default => Weights.LastOrDefault(weights => weights.Name.StartsWith("IMAGENET1K_V", StringComparison.Ordinal));
}
