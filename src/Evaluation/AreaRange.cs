namespace Vision.Evaluation;

/// <summary>A range of object sizes.</summary>
/// <param name="Name">Its name in tables, such as "small".</param>
/// <param name="Minimum">The smallest area, in square pixels, inclusive.</param>
/// <param name="Maximum">The largest area, in square pixels, inclusive:
/// an object of exactly 32² is both small and medium, as in pycocotools.</param>
public sealed record AreaRange(string Name, double Minimum, double Maximum)
{
    /// <summary>Objects of any size.</summary>
    public static AreaRange All { get; } = new("all", 0, 1e10);

    /// <summary>Up to 32² pixels.</summary>
    public static AreaRange Small { get; } = new("small", 0, 32 * 32);

    /// <summary>From 32² to 96² pixels.</summary>
    public static AreaRange Medium { get; } = new("medium", 32 * 32, 96 * 96);

    /// <summary>From 96² pixels.</summary>
    public static AreaRange Large { get; } = new("large", 96 * 96, 1e10);

    /// <summary>Whether an object of this area belongs to the range.</summary>
    public bool Contains(double area) => area >= Minimum && area <= Maximum;
}
