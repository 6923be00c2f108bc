namespace Vision.Backbones;

/// <summary>The registry's rows for VGGs.</summary>
internal static class VggFamily
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        new("vgg11", "VGG", options => new Vgg(new() { Depths = [1, 1, 2, 2, 2] }, options)),
        new("vgg11_bn", "VGG", options => new Vgg(new() { Depths = [1, 1, 2, 2, 2], HasNorm = true }, options)),
        new("vgg13", "VGG", options => new Vgg(new() { Depths = [2, 2, 2, 2, 2] }, options)),
        new("vgg13_bn", "VGG", options => new Vgg(new() { Depths = [2, 2, 2, 2, 2], HasNorm = true }, options)),
        new("vgg16", "VGG", options => new Vgg(new() { Depths = [2, 2, 3, 3, 3] }, options)),
        new("vgg16_bn", "VGG", options => new Vgg(new() { Depths = [2, 2, 3, 3, 3], HasNorm = true }, options)),
        new("vgg19", "VGG", options => new Vgg(new() { Depths = [2, 2, 4, 4, 4] }, options)),
        new("vgg19_bn", "VGG", options => new Vgg(new() { Depths = [2, 2, 4, 4, 4], HasNorm = true }, options)),
    ];
}
