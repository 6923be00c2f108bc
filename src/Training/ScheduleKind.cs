namespace Vision.Training;

/// <summary>How the learning rate decays after warmup.</summary>
public enum ScheduleKind
{
    /// <summary>Constant, reduced by a factor at each milestone.</summary>
    MultiStep,

    /// <summary>Half a cosine down to 0 at the last step (Loshchilov and Hutter 2016, arXiv:1608.03983).</summary>
    Cosine,

    /// <summary>Almost linear decay to 0 at the last step, as (1 − t)^0.9;
    /// used for segmentation (Chen et al. 2016, arXiv:1606.00915).</summary>
    Poly,

    /// <summary>Half a cosine up from a 25th, for 30 % of the run unless the warmup is given, then half a cosine down to almost 0 (Smith
    /// and Topin 2017, arXiv:1708.07120). The momentum stays the same.</summary>
    OneCycle,

    /// <summary>Constant, reduced by a factor whenever the main metric has not improved for some epochs.</summary>
    Plateau,
}
