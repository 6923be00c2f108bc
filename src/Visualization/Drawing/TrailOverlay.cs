using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>
/// Draws the path of a tracked object: thinner in the past, and with a dark outline that is visible on any background.
/// </summary>
internal static class TrailOverlay
{
    // In thinner lines, the color can no longer be told from its outline.
    private const int Thinnest = 2;

    private static readonly Color casing = new(18, 18, 24);

    /// <summary>Draws on the image, in place.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="trail">The positions in pixels, the latest last.</param>
    /// <param name="color">Color of the line.</param>
    /// <param name="thickness">Thickness of the line at its end; it starts half as thick.</param>
    public static void Draw(Mat image, IReadOnlyList<(float X, float Y)> trail, Color color, int thickness)
    {
        // OpenCV uses 16-bit coordinates internally.
        Point[] places =
        [
            .. trail.Where(place => Math.Abs(place.X) < short.MaxValue && Math.Abs(place.Y) < short.MaxValue)
                .Select(place => new Point((int)MathF.Round(place.X), (int)MathF.Round(place.Y))),
        ];
        int rim = (thickness + 1) / 2;
        // The whole outline first, so that a trail that crosses itself is not cut.
        for (int i = 1; i < places.Length; i++) Line(i, casing, 2 * rim);
        for (int i = 1; i < places.Length; i++) Line(i, color, 0);

        void Line(int end, Color of, int wider)
        {
            int width = Math.Max(Thinnest, (int)Math.Round(thickness * (1 + (double)end / (places.Length - 1)) / 2));
            Cv2.Line(image, places[end - 1], places[end], of.Rgb, width + wider, LineTypes.AntiAlias);
        }
    }
}
