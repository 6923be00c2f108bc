namespace Vision.Backbones;

/// <summary>The registry's rows for MobileNets.</summary>
internal static class MobileNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("mobilenet_v2", "MobileNetV2", options => ForDetector(new MobileNetV2(options), options)),
        new("mobilenet_v3_small", "MobileNetV3", options => ForDetector(new MobileNetV3(MobileNetV3Layout.Small, options), options)),
        new("mobilenet_v3_large", "MobileNetV3", options => ForDetector(new MobileNetV3(MobileNetV3Layout.Large, options), options)),
    ];

    private static Backbone ForDetector<TNetwork>(TNetwork network, BackboneOptions options) where TNetwork : Backbone, IFeatureNetwork =>
        options.ForDetector ? new DetectorFeatures(network.Sequence, options) : network;
}
