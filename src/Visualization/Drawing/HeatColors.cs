namespace Vision.Visualization;

/// <summary>
/// A color scale from dark violet through red and orange to pale yellow. Its brightness increases evenly, so that it is readable in
/// grayscale and with color blindness.
/// </summary>
public static class HeatColors
{
    // Evenly spaced along matplotlib's "inferno".
    private static readonly Color[] stops =
        [new(0, 0, 4), new(31, 12, 72), new(85, 15, 109), new(136, 34, 106), new(186, 54, 85),
         new(227, 89, 51), new(249, 140, 10), new(249, 201, 50), new(252, 255, 164)];

    /// <summary>The color of a value.</summary>
    /// <param name="value">In [0, 1]; values outside, and NaN, get the color of an end.</param>
    public static Color Of(float value)
    {
        float place = (value > 0 ? Math.Min(value, 1) : 0) * (stops.Length - 1);
        int stop = Math.Min((int)place, stops.Length - 2);
        return stops[stop].Mixed(stops[stop + 1], place - stop);
    }
}
