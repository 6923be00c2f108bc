namespace Vision.Backbones;

/// <summary>Every backbone by its name, which is torchvision's.</summary>
public static class BackboneRegistry
{
    private static readonly SortedDictionary<string, Func<BackboneOptions, Backbone>> factories = new(StringComparer.Ordinal)
    {
        ["resnet18"] = options => new ResNet(ResNetLayout.ResNet18, options),
        ["resnet34"] = options => new ResNet(ResNetLayout.ResNet34, options),
        ["resnet50"] = options => new ResNet(ResNetLayout.ResNet50, options),
        ["resnet101"] = options => new ResNet(ResNetLayout.ResNet101, options),
        ["resnet152"] = options => new ResNet(ResNetLayout.ResNet152, options),
    };

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => factories.Keys;

    /// <summary>A backbone with freshly drawn weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Its classes and normalisation.</param>
    /// <exception cref="ArgumentException">No backbone is called that; the message lists those that exist.</exception>
    public static Backbone Create(string name, BackboneOptions options) =>
        factories.TryGetValue(name, out var factory)
            ? factory(options)
            : throw new ArgumentException($"No backbone is called '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
}
