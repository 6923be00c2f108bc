namespace Vision.Data;

/// <summary>Combines several numbers into one seed, so that neighboring epochs and samples get unrelated random numbers.</summary>
public static class Seeds
{
    /// <summary>Mixes with the finalizer of SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195).</summary>
    public static int Mix(params ReadOnlySpan<int> parts)
    {
        ulong state = 0;
        foreach (int part in parts)
        {
            state += 0x9E3779B97F4A7C15 + (uint)part;
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
            state ^= state >> 31;
        }
        return (int)state;
    }
}
