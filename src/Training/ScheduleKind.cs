namespace Vision.Training;

/// <summary>How the learning rate decays after warmup.</summary>
public enum ScheduleKind
{
    /// <summary>Constant, reduced by a factor at each milestone.</summary>
    MultiStep,

    /// <summary>Half a cosine down to 0 at the last step.</summary>
    Cosine,

    /// <summary>Almost linear decay to 0 at the last step, as (1 − t)^0.9;
    /// used for segmentation (Chen et al. 2016, arXiv:1606.00915).</summary>
    Poly,
}
