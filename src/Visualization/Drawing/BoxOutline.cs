using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Draws the outline of a box, just inside it.</summary>
internal static class BoxOutline
{
    public static void Draw(Mat image, Rect box, Color color, int thickness, bool dashed)
    {
        int inset = Math.Min(thickness / 2, (Math.Min(box.Width, box.Height) - 1) / 2);
        Point topLeft = new(box.Left + inset, box.Top + inset), bottomRight = new(box.Right - 1 - inset, box.Bottom - 1 - inset);
        if (!dashed)
        {
            Cv2.Rectangle(image, topLeft, bottomRight, color.Rgb, thickness);
            return;
        }

        Point topRight = new(bottomRight.X, topLeft.Y), bottomLeft = new(topLeft.X, bottomRight.Y);
        (Point, Point)[] sides = [(topLeft, topRight), (topRight, bottomRight), (bottomLeft, bottomRight), (topLeft, bottomLeft)];
        foreach ((Point from, Point to) in sides)
            DrawDashes(image, from, to, color, thickness);
    }

    private static void DrawDashes(Mat image, Point from, Point to, Color color, int thickness)
    {
        int length = Math.Max(to.X - from.X, to.Y - from.Y), dash = 4 + 3 * thickness;
        Point direction = to.X > from.X ? new(1, 0) : new(0, 1);
        for (int start = 0; start <= length; start += 2 * dash)
        {
            int end = Math.Min(start + dash, length);
            Cv2.Line(
                image, new Point(from.X + direction.X * start, from.Y + direction.Y * start),
                new Point(from.X + direction.X * end, from.Y + direction.Y * end), color.Rgb, thickness);
        }
    }
}
