namespace Vision.Backbones;

/// <summary>The registry's rows for RegNets.</summary>
internal static class RegNetFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("regnet_x_400mf", "RegNetX", options =>
            new RegNet(new() { Depth = 22, InitialWidth = 24, Slope = 24.48, Step = 2.54, GroupWidth = 16 }, options)),
        new("regnet_x_800mf", "RegNetX", options =>
            new RegNet(new() { Depth = 16, InitialWidth = 56, Slope = 35.73, Step = 2.28, GroupWidth = 16 }, options)),
        new("regnet_x_1_6gf", "RegNetX", options =>
            new RegNet(new() { Depth = 18, InitialWidth = 80, Slope = 34.01, Step = 2.25, GroupWidth = 24 }, options)),
        new("regnet_x_3_2gf", "RegNetX", options =>
            new RegNet(new() { Depth = 25, InitialWidth = 88, Slope = 26.31, Step = 2.25, GroupWidth = 48 }, options)),
        new("regnet_x_8gf", "RegNetX", options =>
            new RegNet(new() { Depth = 23, InitialWidth = 80, Slope = 49.56, Step = 2.88, GroupWidth = 120 }, options)),
        new("regnet_x_16gf", "RegNetX", options =>
            new RegNet(new() { Depth = 22, InitialWidth = 216, Slope = 55.59, Step = 2.1, GroupWidth = 128 }, options)),
        new("regnet_x_32gf", "RegNetX", options =>
            new RegNet(new() { Depth = 23, InitialWidth = 320, Slope = 69.86, Step = 2.0, GroupWidth = 168 }, options)),
        new("regnet_y_400mf", "RegNetY", options =>
            new RegNet(new() { Depth = 16, InitialWidth = 48, Slope = 27.89, Step = 2.09, GroupWidth = 8, Squeezes = true }, options)),
        new("regnet_y_800mf", "RegNetY", options =>
            new RegNet(new() { Depth = 14, InitialWidth = 56, Slope = 38.84, Step = 2.4, GroupWidth = 16, Squeezes = true }, options)),
        new("regnet_y_1_6gf", "RegNetY", options =>
            new RegNet(new() { Depth = 27, InitialWidth = 48, Slope = 20.71, Step = 2.65, GroupWidth = 24, Squeezes = true }, options)),
        new("regnet_y_3_2gf", "RegNetY", options =>
            new RegNet(new() { Depth = 21, InitialWidth = 80, Slope = 42.63, Step = 2.66, GroupWidth = 24, Squeezes = true }, options)),
        new("regnet_y_8gf", "RegNetY", options =>
            new RegNet(new() { Depth = 17, InitialWidth = 192, Slope = 76.82, Step = 2.19, GroupWidth = 56, Squeezes = true }, options)),
        new("regnet_y_16gf", "RegNetY", options =>
            new RegNet(new() { Depth = 18, InitialWidth = 200, Slope = 106.23, Step = 2.48, GroupWidth = 112, Squeezes = true }, options)),
        new("regnet_y_32gf", "RegNetY", options =>
            new RegNet(new() { Depth = 20, InitialWidth = 232, Slope = 115.89, Step = 2.53, GroupWidth = 232, Squeezes = true }, options)),
    ];
}
