namespace Vision.Detection;

/// <summary>What happens to a box that overlaps one with a higher score.</summary>
public enum SuppressionKind
{
    /// <summary>It is dropped if the IoU exceeds the threshold: non-maximum suppression.</summary>
    Hard,

    /// <summary>Above the threshold its score is multiplied by 1 − IoU: linear soft-NMS (Bodla et al. 2017, arXiv:1704.04503).</summary>
    SoftLinear,

    /// <summary>Its score is multiplied by exp(−IoU² / σ), at any IoU: Gaussian soft-NMS (same paper).</summary>
    SoftGaussian,
}
