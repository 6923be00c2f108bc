using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>
/// Draws the way that a tracked object came: thin where it is long ago, and in a dark casing that shows on any background.
/// </summary>
internal static class TrailOverlay
{
    // Thinner, and a color no longer tells itself from its casing.
    private const int Thinnest = 2;

    private static readonly Color casing = new(18, 18, 24);

    /// <summary>Draws on the image itself.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="trail">In pixels, the last place at the end.</param>
    /// <param name="color">Of the line.</param>
    /// <param name="thickness">Of the line at its end; it begins half as thick.</param>
    public static void Draw(Mat image, IReadOnlyList<(float X, float Y)> trail, Color color, int thickness)
    {
        // OpenCV's coordinates are of 16 bits inside.
        Point[] places =
        [
            .. trail.Where(place => Math.Abs(place.X) < short.MaxValue && Math.Abs(place.Y) < short.MaxValue)
                .Select(place => new Point((int)MathF.Round(place.X), (int)MathF.Round(place.Y))),
        ];
        int rim = (thickness + 1) / 2;
        // All casing first: where a trail crosses itself, it must not cut itself.
        for (int i = 1; i < places.Length; i++) Line(i, casing, 2 * rim);
        for (int i = 1; i < places.Length; i++) Line(i, color, 0);

        void Line(int end, Color of, int wider)
        {
            int width = Math.Max(Thinnest, (int)Math.Round(thickness * (1 + (double)end / (places.Length - 1)) / 2));
            Cv2.Line(image, places[end - 1], places[end], of.Rgb, width + wider, LineTypes.AntiAlias);
        }
    }
}
