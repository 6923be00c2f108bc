namespace Vision.Backbones;

/// <summary>The options of a feature pyramid. The defaults are those of the paper's Faster R-CNN, as in torchvision.</summary>
public sealed record FpnOptions
{
    /// <summary>Channels of every level.</summary>
    public int OutChannels { get; init; } = 256;

    /// <summary>How many of the backbone's last stages it uses: four, C2..C5; one-stage detectors
    /// omit C2, whose many anchors are too costly.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>The levels beyond the backbone's last stage.</summary>
    public ExtraLevels Extra { get; init; } = ExtraLevels.Pooled;

    /// <summary>The normalization after each convolution; null for a bias instead.</summary>
    public NormKind? Norm { get; init; }

    /// <summary>How a stage and the coarser level are merged.</summary>
    public PyramidFusion Fusion { get; init; } = PyramidFusion.Sum;

    /// <summary>Whether a bottom-up path follows the top-down one (PANet, Liu et al. 2018, arXiv:1803.01534), so that
    /// localization cues reach the coarse levels through few layers.</summary>
    public bool BottomUp { get; init; }
}
