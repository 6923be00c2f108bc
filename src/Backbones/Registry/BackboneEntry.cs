namespace Vision.Backbones;

/// <summary>A row of the registry: a backbone's name, how it is built, and what is published of it.</summary>
/// <param name="Name">Its name: torchvision's, or timm's where torchvision lacks it.</param>
/// <param name="Family">The architecture, such as "ResNeXt".</param>
/// <param name="Create">Builds it with freshly drawn weights.</param>
public sealed record BackboneEntry(string Name, string Family, Func<BackboneOptions, Backbone> Create)
{
    /// <summary>Its published weights, oldest first; none for an architecture that torchvision publishes none of.</summary>
    public IReadOnlyList<PublishedWeights> Weights { get; init; } = [];
}
