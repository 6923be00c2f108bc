namespace Vision.Backbones;

/// <summary>An entry of the registry: a backbone's name and its factory.</summary>
/// <param name="Name">Its name in torchvision, or in timm if torchvision lacks it.</param>
/// <param name="Family">The architecture, such as "ResNeXt".</param>
/// <param name="Create">Builds it with randomly initialized weights.</param>
public sealed record BackboneEntry(string Name, string Family, Func<BackboneOptions, Backbone> Create)
{
    /// <summary>Its size, cost and published weights. Those of a custom backbone are read off the network, without its cost.</summary>
    public BackboneFacts Facts => field ??= BackboneFactsTable.Find(Name) ?? BackboneFacts.Of(Create(new()));
}
