namespace Vision.Training;

/// <summary>
/// The seed of a step's random draws (samplers, dropout). Since it depends on the step alone, a checkpoint needs no state of any generator, on any device,
/// and an evaluation in between changes nothing.
/// </summary>
internal static class StepSeed
{
    /// <summary>Mixes seed and step (SplitMix64's finalizer), so that neighbouring steps and seeds have nothing in common.</summary>
    public static long Of(long seed, int step)
    {
        ulong mixed = unchecked((ulong)seed * 0x9E3779B97F4A7C15 + (ulong)step + 1);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return (long)((mixed ^ (mixed >> 31)) >> 1);
    }
}
