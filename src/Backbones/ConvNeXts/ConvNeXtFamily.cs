namespace Vision.Backbones;

/// <summary>The registry's rows for ConvNeXts.</summary>
internal static class ConvNeXtFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("convnext_tiny", "ConvNeXt", options =>
            new ConvNeXt(new() { Widths = [96, 192, 384, 768], Depths = [3, 3, 9, 3], StochasticDepth = 0.1 }, options)),
        new("convnext_small", "ConvNeXt", options =>
            new ConvNeXt(new() { Widths = [96, 192, 384, 768], Depths = [3, 3, 27, 3], StochasticDepth = 0.4 }, options)),
        new("convnext_base", "ConvNeXt", options =>
            new ConvNeXt(new() { Widths = [128, 256, 512, 1024], Depths = [3, 3, 27, 3], StochasticDepth = 0.5 }, options)),
        new("convnext_large", "ConvNeXt", options =>
            new ConvNeXt(new() { Widths = [192, 384, 768, 1536], Depths = [3, 3, 27, 3], StochasticDepth = 0.5 }, options)),
    ];
}
