namespace Vision.Detection;

/// <summary>What a <see cref="BoxOverlapLoss"/> adds to 1 − IoU.</summary>
public enum BoxOverlapKind
{
    /// <summary>Nothing: boxes that do not overlap have no gradient (Yu et al. 2016, arXiv:1608.01471).</summary>
    Iou,

    /// <summary>The share of the smallest enclosing box that neither covers (Rezatofighi et al. 2019, arXiv:1902.09630).</summary>
    Giou,

    /// <summary>The squared distance of the centers over that of the enclosing box's
    /// diagonal (Zheng et al. 2020, arXiv:1911.08287).</summary>
    Diou,

    /// <summary>As <see cref="Diou"/>, and a term for the difference of aspect ratios (same paper).</summary>
    Ciou,
}
