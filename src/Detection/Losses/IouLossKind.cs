namespace Vision.Detection;

/// <summary>The term that a <see cref="IouLoss"/> adds to 1 − IoU.</summary>
public enum IouLossKind
{
    /// <summary>Nothing: boxes that do not overlap have no gradient (Yu et al. 2016, arXiv:1608.01471).</summary>
    Iou,

    /// <summary>The fraction of the smallest enclosing box that neither box covers (Rezatofighi et al. 2019, arXiv:1902.09630).</summary>
    Giou,

    /// <summary>The squared distance of the centers over the squared diagonal of the enclosing
    /// box (Zheng et al. 2020, arXiv:1911.08287).</summary>
    Diou,

    /// <summary>As <see cref="Diou"/>, plus a term for the difference of aspect ratios (same paper).</summary>
    Ciou,
}
