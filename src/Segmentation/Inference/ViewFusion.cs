namespace Vision.Segmentation;

/// <summary>How what was seen at several scales becomes one.</summary>
public enum ViewFusion
{
    /// <summary>The mean probability.</summary>
    Mean,

    /// <summary>The greatest probability of each class, brought to a sum of 1: DeepLab v2's.</summary>
    Max,
}
