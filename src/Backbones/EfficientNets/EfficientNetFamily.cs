namespace Vision.Backbones;

/// <summary>The registry's rows for EfficientNets.</summary>
internal static class EfficientNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("efficientnet_b0", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B0, options)),
        new("efficientnet_b1", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B1, options)),
        new("efficientnet_b2", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B2, options)),
        new("efficientnet_b3", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B3, options)),
        new("efficientnet_b4", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B4, options)),
        new("efficientnet_b5", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B5, options)),
        new("efficientnet_b6", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B6, options)),
        new("efficientnet_b7", "EfficientNet", options => new EfficientNet(EfficientNetLayout.B7, options)),
        new("efficientnet_v2_s", "EfficientNetV2", options => new EfficientNet(EfficientNetLayout.V2Small, options)),
        new("efficientnet_v2_m", "EfficientNetV2", options => new EfficientNet(EfficientNetLayout.V2Medium, options)),
        new("efficientnet_v2_l", "EfficientNetV2", options => new EfficientNet(EfficientNetLayout.V2Large, options)),
    ];
}
