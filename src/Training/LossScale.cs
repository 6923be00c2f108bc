namespace Vision.Training;

/// <summary>
/// The factor on losses in float16, which lifts small gradients above the smallest number of that type (Micikevicius et al. 2017,
/// arXiv:1710.03740): halved when gradients overflow, doubled after many steps without.
/// </summary>
internal sealed class LossScale
{
    private const int StepsBeforeGrowth = 2000;

    /// <summary>The factor.</summary>
    public double Value { get; set; } = 65536;

    /// <summary>The number of steps since it changed.</summary>
    public int Steps { get; set; }

    /// <summary>Called after a step.</summary>
    /// <param name="overflowed">Whether a gradient was not finite.</param>
    public void Update(bool overflowed)
    {
        if (overflowed) (Value, Steps) = (Value / 2, 0);
        else if (++Steps == StepsBeforeGrowth) (Value, Steps) = (2 * Value, 0);
    }
}
