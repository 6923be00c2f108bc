namespace Vision.Backbones;

/// <summary>The registry's rows for DenseNets.</summary>
internal static class DenseNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("densenet121", "DenseNet", options =>
            new DenseNet(new() { Growth = 32, Depths = [6, 12, 24, 16], StemChannels = 64 }, options)),
        new("densenet161", "DenseNet", options =>
            new DenseNet(new() { Growth = 48, Depths = [6, 12, 36, 24], StemChannels = 96 }, options)),
        new("densenet169", "DenseNet", options =>
            new DenseNet(new() { Growth = 32, Depths = [6, 12, 32, 32], StemChannels = 64 }, options)),
        new("densenet201", "DenseNet", options =>
            new DenseNet(new() { Growth = 32, Depths = [6, 12, 48, 32], StemChannels = 64 }, options)),
    ];
}
