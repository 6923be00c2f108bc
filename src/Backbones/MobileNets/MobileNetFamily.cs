namespace Vision.Backbones;

/// <summary>The registry's rows for MobileNets.</summary>
internal static class MobileNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("mobilenet_v2", "MobileNetV2", options => new MobileNetV2(options)),
        new("mobilenet_v3_small", "MobileNetV3", options => new MobileNetV3(MobileNetV3Layout.Small, options)),
        new("mobilenet_v3_large", "MobileNetV3", options => new MobileNetV3(MobileNetV3Layout.Large, options)),
    ];
}
