namespace Vision.Backbones;

/// <summary>How a pyramid merges a stage with the coarser level.</summary>
public enum PyramidFusion
{
    /// <summary>Their sum, as in the paper.</summary>
    Sum,

    /// <summary>Their mean: the values do not grow from level to level.</summary>
    Mean,
}
