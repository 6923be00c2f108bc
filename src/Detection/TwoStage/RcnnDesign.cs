using Vision.Backbones;

namespace Vision.Detection;

/// <summary>The parts in which two-stage detectors differ, besides their outputs: feature maps, anchors, and the box head.</summary>
public sealed record RcnnDesign
{
    private static readonly float[] aspectRatios = [0.5f, 1, 2];
    private static readonly float[] allSizes = [32, 64, 128, 256, 512];

    /// <summary>The backbone's feature maps.</summary>
    public required FeatureBackbone Features { get; init; }

    /// <summary>The anchors on them.</summary>
    public required AnchorGenerator Anchors { get; init; }

    /// <summary>Number of 3×3 convolutions of the region proposal network.</summary>
    public int RpnConvolutions { get; init; } = 1;

    /// <summary>The head that turns a pooled region into a feature vector.</summary>
    public BoxHeadKind BoxHead { get; init; } = BoxHeadKind.TwoLayers;

    /// <summary>The normalization in the heads; null for none.</summary>
    public NormKind? HeadNorm { get; init; }

    /// <summary>A pyramid P2..P6 (Lin et al. 2017, arXiv:1612.03144), as in torchvision's models without a version.</summary>
    public static RcnnDesign Fpn(Func<BackboneOptions, Backbone> body) => new()
    {
        Features = new BackboneWithFpn(body(new())),
        Anchors = AnchorGenerator.ForPyramid(),
    };

    /// <summary>torchvision's version 2 (Li et al. 2021, arXiv:2111.11429): batch normalization in pyramid and
    /// heads, two convolutions in the RPN, four in the box head.</summary>
    public static RcnnDesign FpnV2(Func<BackboneOptions, Backbone> body) => new()
    {
        Features = new BackboneWithFpn(body(new()), new FpnOptions { Norm = NormKind.BatchNorm }),
        Anchors = AnchorGenerator.ForPyramid(),
        RpnConvolutions = 2,
        BoxHead = BoxHeadKind.Convolutions,
        HeadNorm = NormKind.BatchNorm,
    };

    /// <summary>A pyramid on the last two levels of a MobileNet, with anchors of every size on each, as in torchvision.</summary>
    public static RcnnDesign Mobile(Func<BackboneOptions, Backbone> body) => new()
    {
        Features = new BackboneWithFpn(body(new() { Purpose = BackbonePurpose.Detector }), new FpnOptions { Stages = 2 }),
        Anchors = new([allSizes, allSizes, allSizes], aspectRatios),
    };

    /// <summary>C4 alone, with C5 as the box head: Faster R-CNN before FPN (He et al.
    /// 2015, arXiv:1512.03385; detectron2's C4).</summary>
    public static RcnnDesign C4(Func<BackboneOptions, Backbone> body) => new()
    {
        Features = new SingleLevelBackbone(body(new()), 2),
        Anchors = new([allSizes], aspectRatios),
        BoxHead = BoxHeadKind.LastStage,
    };

    /// <summary>A dilated C5 alone, of stride 16 (Dai et al. 2017, arXiv:1703.06211; detectron2's DC5).</summary>
    public static RcnnDesign DilatedC5(Func<BackboneOptions, Backbone> body) => new()
    {
        Features = new SingleLevelBackbone(body(new() { OutputStride = 16 }), 1),
        Anchors = new([allSizes], aspectRatios),
    };

    /// <summary>The options of single-level designs, which must keep more anchors before suppression than
    /// one level of a pyramid: 12000 and 6000, as in detectron2.</summary>
    public static DetectorOptions SingleLevelDefaults(int numClasses) => new()
    {
        NumClasses = numClasses,
        Rpn = new RpnOptions { TrainTopPerLevel = 12000, PredictTopPerLevel = 6000 },
    };
}
