namespace Vision.Backbones;

/// <summary>The registry's rows for residual networks.</summary>
internal static class ResNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        Entry("resnet18", "ResNet", new() { Block = ResNetBlock.Basic, Depths = [2, 2, 2, 2] }),
        Entry("resnet34", "ResNet", new() { Block = ResNetBlock.Basic, Depths = [3, 4, 6, 3] }),
        Entry("resnet50", "ResNet", new() { Block = ResNetBlock.Bottleneck, Depths = [3, 4, 6, 3] }),
        Entry("resnet101", "ResNet", new() { Block = ResNetBlock.Bottleneck, Depths = [3, 4, 23, 3] }),
        Entry("resnet152", "ResNet", new() { Block = ResNetBlock.Bottleneck, Depths = [3, 8, 36, 3] }),
    ];

    private static BackboneEntry Entry(string name, string family, ResNetLayout layout) => new(name, family, options => new ResNet(layout, options));
}
