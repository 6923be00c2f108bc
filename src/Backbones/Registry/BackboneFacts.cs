namespace Vision.Backbones;

/// <summary>The properties of a backbone that are known without building it.</summary>
/// <param name="Parameters">Number of learned parameters, with a classifier of 1000 classes.</param>
/// <param name="GigaFlops">Billions of multiply-adds in the convolutions, linear layers and products of attention for
/// one image of 224×224, as torchvision counts them; NaN if unknown.</param>
/// <param name="Stages">The channels and the stride of each of its stages at an output stride of 32, finest first.</param>
/// <param name="Weights">The weights that torchvision publishes for it, oldest first; may be empty.</param>
public sealed record BackboneFacts(long Parameters, double GigaFlops, IReadOnlyList<(int Channels, int Reduction)> Stages,
    IReadOnlyList<PublishedWeights> Weights)
{
    /// <summary>The default ImageNet weights: the newest ones trained on ImageNet-1K alone,
    /// like torchvision's default; null if there are none.</summary>
    public PublishedWeights? Default => Weights.LastOrDefault(weights => weights.Name.StartsWith("IMAGENET1K_V", StringComparison.Ordinal));

    /// <summary>What can be read off a network, which is disposed: not its cost, and there are no published weights.</summary>
    internal static BackboneFacts Of(Backbone network)
    {
        using (network)
            return new(network.parameters().Sum(parameter => parameter.numel()), double.NaN,
                [.. network.Stages.Select(stage => (stage.Channels, stage.Reduction))], []);
    }
}
