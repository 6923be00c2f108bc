namespace Vision.Backbones;

/// <summary>The registry's rows for MobileNets.</summary>
internal static class MobileNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("mobilenet_v2", "MobileNetV2", options => Cut(new MobileNetV2(options), options)),
        new("mobilenet_v3_small", "MobileNetV3", options => Cut(new MobileNetV3(MobileNetV3Layout.Small, options), options)),
        new("mobilenet_v3_large", "MobileNetV3", options => Cut(new MobileNetV3(MobileNetV3Layout.Large, options), options)),
    ];

    private static Backbone Cut<TNetwork>(TNetwork network, BackboneOptions options) where TNetwork : Backbone, IFeatureNetwork =>
        options.Purpose == BackbonePurpose.Classifier ? network : new NumberedFeatures(network.Sequence, options);
}
