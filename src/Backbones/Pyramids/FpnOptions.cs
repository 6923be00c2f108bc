namespace Vision.Backbones;

/// <summary>What can be chosen about a feature pyramid. The defaults are those of the paper's Faster R-CNN, as in torchvision.</summary>
public sealed record FpnOptions
{
    /// <summary>Channels of every level.</summary>
    public int OutChannels { get; init; } = 256;

    /// <summary>How many of the backbone's last stages it takes: four, C2..C5; detectors of one stage
    /// leave out C2, whose many anchors cost them too much.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>The levels beyond the backbone's last stage.</summary>
    public ExtraLevels Extra { get; init; } = ExtraLevels.Pooled;

    /// <summary>The normalization after each convolution; null for none, and a bias instead.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>How a stage and the coarser level are merged.</summary>
    public PyramidFusion Fusion { get; init; } = PyramidFusion.Sum;

    /// <summary>Whether a path from fine to coarse follows the one from coarse to fine (PANet, Liu et al. 2018, arXiv:1803.01534):
    /// localization reaches the coarse levels over few layers.</summary>
    public bool BottomUp { get; init; }
}
