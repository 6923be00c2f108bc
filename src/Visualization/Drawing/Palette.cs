namespace Vision.Visualization;

/// <summary>The colors of classes and of tracked objects: each has the same color in every image, plot and run.</summary>
public static class Palette
{
    // Neighbors differ widely in hue, with medium lightness, so that all are visible on dark and bright photographs and on white plots.
    private static readonly Color[] colors =
    [
        new(255, 112, 31), new(36, 123, 224), new(46, 166, 72), new(214, 39, 72),
        new(148, 90, 220), new(0, 174, 199), new(226, 74, 190), new(214, 160, 0),
        new(150, 93, 63), new(122, 173, 28), new(76, 86, 186), new(0, 145, 122),
    ];

    /// <summary>The color of a class, or of a tracked object.</summary>
    /// <param name="label">1..C, or the object's identity. The first twelve differ in hue, the next are lighter, then darker; after 36 the
    /// colors repeat.</param>
    public static Color Of(int label)
    {
        // Labels of 0 and below do not occur in results, but get a color anyway, since drawing is how such errors are found.
        int index = ((label - 1) % (3 * colors.Length) + 3 * colors.Length) % (3 * colors.Length);
        Color color = colors[index % colors.Length];
        return (index / colors.Length) switch
        {
            0 => color,
            1 => color.Mixed(Color.White, 0.45),
            _ => color.Mixed(Color.Black, 0.4),
        };
    }
}
