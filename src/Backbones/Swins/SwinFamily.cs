namespace Vision.Backbones;

/// <summary>The registry's rows for Swin transformers.</summary>
internal static class SwinFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("swin_t", "Swin", options =>
            new SwinTransformer(new() { Width = 96, Depths = [2, 2, 6, 2], Heads = [3, 6, 12, 24], StochasticDepth = 0.2 }, options)),
        new("swin_s", "Swin", options =>
            new SwinTransformer(new() { Width = 96, Depths = [2, 2, 18, 2], Heads = [3, 6, 12, 24], StochasticDepth = 0.3 }, options)),
        new("swin_b", "Swin", options =>
            new SwinTransformer(new() { Width = 128, Depths = [2, 2, 18, 2], Heads = [4, 8, 16, 32], StochasticDepth = 0.5 }, options)),
    ];
}
