namespace Vision.Segmentation;

/// <summary>How predictions at several scales are fused.</summary>
public enum ViewFusion
{
    /// <summary>The mean probability.</summary>
    Mean,

    /// <summary>The maximum probability of each class, normalized to a sum of 1, as in DeepLab v2.</summary>
    Max,
}
