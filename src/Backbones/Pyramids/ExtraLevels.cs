namespace Vision.Backbones;

/// <summary>The levels of a pyramid that are coarser than the backbone's last stage.</summary>
public enum ExtraLevels
{
    /// <summary>None: P5 is the last.</summary>
    None,

    /// <summary>P6, every second pixel of P5: for the anchors of large objects (Lin et al. 2017, arXiv:1612.03144).</summary>
    Pooled,

    /// <summary>P6 and P7 by convolutions of stride 2 on C5 (Lin et al. 2017, arXiv:1708.02002).</summary>
    ConvolvedFromC5,

    /// <summary>P6 and P7 by convolutions of stride 2 on P5, which has fewer channels: torchvision's RetinaNet
    /// and FCOS (Tian et al. 2019, arXiv:1904.01355).</summary>
    ConvolvedFromP5,
}
