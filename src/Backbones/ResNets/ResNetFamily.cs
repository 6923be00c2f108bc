namespace Vision.Backbones;

/// <summary>The registry's rows for residual networks.</summary>
internal static class ResNetFamily
{
    private static readonly int[] depths18 = [2, 2, 2, 2];
    private static readonly int[] depths34 = [3, 4, 6, 3];  // also ResNet-50, with bottlenecks
    private static readonly int[] depths101 = [3, 4, 23, 3];
    private static readonly int[] depths152 = [3, 8, 36, 3];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<BackboneEntry> Entries { get; } =
    [
        Entry("resnet18", "ResNet", Basic(depths18)),
        Entry("resnet34", "ResNet", Basic(depths34)),
        Entry("resnet50", "ResNet", Deep(depths34)),
        Entry("resnet101", "ResNet", Deep(depths101)),
        Entry("resnet152", "ResNet", Deep(depths152)),
        Entry("resnext50_32x4d", "ResNeXt", Deep(depths34) with { Groups = 32, WidthPerGroup = 4 }),
        Entry("resnext101_32x8d", "ResNeXt", Deep(depths101) with { Groups = 32, WidthPerGroup = 8 }),
        Entry("resnext101_64x4d", "ResNeXt", Deep(depths101) with { Groups = 64, WidthPerGroup = 4 }),
        Entry("wide_resnet50_2", "Wide ResNet", Deep(depths34) with { WidthPerGroup = 128 }),
        Entry("wide_resnet101_2", "Wide ResNet", Deep(depths101) with { WidthPerGroup = 128 }),

        Entry("resnet18d", "ResNet-D", Basic(depths18) with { VariantD = true }),
        Entry("resnet34d", "ResNet-D", Basic(depths34) with { VariantD = true }),
        Entry("resnet50d", "ResNet-D", Deep(depths34) with { VariantD = true }),
        Entry("resnet101d", "ResNet-D", Deep(depths101) with { VariantD = true }),
        Entry("resnet152d", "ResNet-D", Deep(depths152) with { VariantD = true }),
        Entry("seresnet18", "SE-ResNet", Basic(depths18) with { SqueezeExcitation = true }),
        Entry("seresnet34", "SE-ResNet", Basic(depths34) with { SqueezeExcitation = true }),
        Entry("seresnet50", "SE-ResNet", Deep(depths34) with { SqueezeExcitation = true }),
        Entry("seresnet101", "SE-ResNet", Deep(depths101) with { SqueezeExcitation = true }),
        Entry("seresnet152", "SE-ResNet", Deep(depths152) with { SqueezeExcitation = true }),
        Entry("seresnext50_32x4d", "SE-ResNeXt", Deep(depths34) with { Groups = 32, WidthPerGroup = 4, SqueezeExcitation = true }),
        Entry("seresnext101_32x4d", "SE-ResNeXt", Deep(depths101) with { Groups = 32, WidthPerGroup = 4, SqueezeExcitation = true }),
        Entry("seresnext101_32x8d", "SE-ResNeXt", Deep(depths101) with { Groups = 32, WidthPerGroup = 8, SqueezeExcitation = true }),
        Entry("res2net50_26w_4s", "Res2Net", new() { Block = ResNetBlock.Res2Net, Depths = depths34, WidthPerGroup = 26 }),
        Entry("res2net101_26w_4s", "Res2Net", new() { Block = ResNetBlock.Res2Net, Depths = depths101, WidthPerGroup = 26 }),

        PreActivation("preact_resnet18", false, depths18),
        PreActivation("preact_resnet34", false, depths34),
        PreActivation("preact_resnet50", true, depths34),
        PreActivation("preact_resnet101", true, depths101),
        PreActivation("preact_resnet152", true, depths152),
        PreActivation("preact_resnet20_cifar", false, [3, 3, 3]),
        PreActivation("preact_resnet56_cifar", false, [9, 9, 9]),
        PreActivation("preact_resnet110_cifar", false, [18, 18, 18]),
        PreActivation("preact_resnet164_cifar", true, [18, 18, 18]),
        PreActivation("preact_resnet1001_cifar", true, [111, 111, 111]),

        Cifar(20), Cifar(32), Cifar(44), Cifar(56), Cifar(110), Cifar(1202),
    ];

    private static ResNetLayout Basic(int[] depths) => new() { Block = ResNetBlock.Basic, Depths = depths };

    private static ResNetLayout Deep(int[] depths) => new() { Block = ResNetBlock.Bottleneck, Depths = depths };

    private static BackboneEntry Entry(string name, string family, ResNetLayout layout) =>
        new(name, family, options => new ResNet(layout, options));

    private static BackboneEntry PreActivation(string name, bool bottleneck, int[] depths) =>
        new(name, "Pre-activation ResNet", options => new PreActivationResNet(bottleneck, depths, options));

    private static BackboneEntry Cifar(int layers) =>
        new($"resnet{layers}_cifar", "CIFAR ResNet", options => new CifarResNet((layers - 2) / 6, options));
}
