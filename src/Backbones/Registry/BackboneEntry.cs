namespace Vision.Backbones;

/// <summary>A row of the registry: a backbone's name and how it is built.</summary>
/// <param name="Name">Its name: torchvision's, or timm's where torchvision lacks it.</param>
/// <param name="Family">The architecture, such as "ResNeXt".</param>
/// <param name="Create">Builds it with freshly drawn weights.</param>
public sealed record BackboneEntry(string Name, string Family, Func<BackboneOptions, Backbone> Create)
{
    /// <summary>Its size, cost and published weights.</summary>
    public BackboneFacts Facts => BackboneFactsTable.Of(Name);
}
