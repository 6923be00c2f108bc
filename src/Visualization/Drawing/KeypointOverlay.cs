using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>
/// Draws an object's keypoints and limbs. Left, middle and right have different colors,
/// with dark outlines that are visible on any background.
/// </summary>
internal static class KeypointOverlay
{
    private static readonly Color casing = new(18, 18, 24),
        left = new(64, 208, 255), middle = new(245, 240, 120), right = new(255, 136, 40);

    /// <summary>Draws on the image, in place.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="points">The keypoints, in the order of the object's category.</param>
    /// <param name="category">The object's category; null if unknown.</param>
    /// <param name="thickness">Thickness of the lines.</param>
    public static void Draw(Mat image, IReadOnlyList<DrawnKeypoint> points, Category? category, int thickness)
    {
        Skeleton skeleton = Skeleton.Of(category, points.Count);
        int rim = Math.Max(1, (thickness + 1) / 2), radius = Math.Max(2, thickness + 1);
        (int From, int To)[] limbs = [.. skeleton.Limbs.Where(limb => IsDrawn(points[limb.From]) && IsDrawn(points[limb.To]))];
        // All outlines first, so that crossing limbs do not cut each other.
        foreach (var (from, to) in limbs) Line(from, to, casing, thickness + 2 * rim);
        foreach (var limb in limbs) Line(limb.From, limb.To, ColorOf(skeleton.SideOf(limb)), thickness);
        for (int i = 0; i < points.Count; i++)
        {
            if (!IsDrawn(points[i])) continue;
            Cv2.Circle(image, Place(points[i]), radius + rim, casing.Rgb, -1, LineTypes.AntiAlias);
            Cv2.Circle(image, Place(points[i]), radius, ColorOf(skeleton.Sides[i]).Rgb, -1, LineTypes.AntiAlias);
            if (points[i].IsHidden) Cv2.Circle(image, Place(points[i]), Math.Max(1, radius - rim), casing.Rgb, -1, LineTypes.AntiAlias);
        }

        void Line(int from, int to, Color color, int width) =>
            Cv2.Line(image, Place(points[from]), Place(points[to]), color.Rgb, width, LineTypes.AntiAlias);

        // OpenCV uses 16-bit coordinates internally.
        bool IsDrawn(DrawnKeypoint point) => point.IsDrawn && Math.Abs(point.X) < short.MaxValue && Math.Abs(point.Y) < short.MaxValue;
    }

    private static Point Place(DrawnKeypoint point) => new((int)MathF.Round(point.X), (int)MathF.Round(point.Y));

    private static Color ColorOf(int side) => side < 0 ? left : side > 0 ? right : middle;
}
