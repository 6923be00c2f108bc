namespace Vision.Training;

/// <summary>How the learning rate falls after warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>It stays, and falls by a factor at each milestone.</summary>
    MultiStep,

    /// <summary>It follows half a cosine down to 0 at the last step.</summary>
    Cosine,

    /// <summary>It falls nearly straight down to 0 at the last step, as (1 − t)^0.9: what segmentation is
    /// trained with (Chen et al. 2016, arXiv:1606.00915).</summary>
    Poly,
}
