namespace Vision.Backbones;

/// <summary>Rounds numbers of channels.</summary>
internal static class Widths
{
    /// <summary>The nearest multiple of <paramref name="divisor"/> that is at most a tenth below
    /// <paramref name="channels"/>, and at least one divisor.</summary>
    public static int Divisible(double channels, int divisor = 8)
    {
        int rounded = Math.Max(divisor, (int)(channels + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * channels ? rounded + divisor : rounded;
    }
}
