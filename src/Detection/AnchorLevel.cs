namespace Vision.Detection;

/// <summary>The anchors at each location of a level.</summary>
/// <param name="Stride">Distance between locations, in pixels.</param>
/// <param name="Shapes">Width and height of each anchor, in pixels of the resized image.</param>
public sealed record AnchorLevel(int Stride, IReadOnlyList<(float Width, float Height)> Shapes)
{
    /// <summary>The levels of <see cref="AnchorGenerator.ForPyramid"/>.</summary>
    public static IReadOnlyList<AnchorLevel> ForPyramid() =>
        [.. new[] { 4, 8, 16, 32, 64 }.Select(stride => Of(stride, [8 * stride], [0.5f, 1, 2]))];

    /// <summary>Anchors of every size with every ratio; sides are rounded as in <see cref="AnchorGenerator"/>.</summary>
    /// <param name="stride">Distance between locations, in pixels.</param>
    /// <param name="sizes">Square roots of areas, in pixels.</param>
    /// <param name="aspectRatios">Height over width.</param>
    public static AnchorLevel Of(int stride, IReadOnlyList<float> sizes, IReadOnlyList<float> aspectRatios) =>
        new(stride, [.. sizes.SelectMany(size => aspectRatios.Select(ratio =>
            (2 * MathF.Round(size / MathF.Sqrt(ratio) / 2), 2 * MathF.Round(size * MathF.Sqrt(ratio) / 2))))]);
}
