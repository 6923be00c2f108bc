using OpenCvSharp.Internal;
using static OpenCvSharp.Internal.Native;

namespace OpenCvSharp;

public static partial class Cv2
{
    public static void Line(
        InputOutputArray img, Point pt1, Point pt2, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Check(Native.Line(img, pt1, pt2, color, thickness, (int)lineType, shift));

    public static void Rectangle(
        InputOutputArray img, Point pt1, Point pt2, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Check(Native.Rectangle(img, pt1, pt2, color, thickness, (int)lineType, shift));

    /// <summary>The rectangle's last column and row are inside it, as in OpenCV.</summary>
    public static void Rectangle(
        InputOutputArray img, Rect rect, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Rectangle(img, rect.TopLeft, rect.BottomRight - new Point(1, 1), color, thickness, lineType, shift);

    public static void Circle(
        InputOutputArray img, Point center, int radius, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Check(Native.Circle(img, center, radius, color, thickness, (int)lineType, shift));

    public static void Ellipse(
        InputOutputArray img, Point center, Size axes, double angle, double startAngle, double endAngle, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0) =>
        Check(Native.Ellipse(img, center, axes, angle, startAngle, endAngle, color, thickness, (int)lineType, shift));

    public static void Polylines(
        Mat img, IEnumerable<IEnumerable<Point>> pts, bool isClosed, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, int shift = 0)
    {
        (Point[] points, int[] lengths) = Flatten(pts);
        Check(Native.Polylines(img, points, lengths, lengths.Length, isClosed ? 1 : 0, color, thickness, (int)lineType, shift));
    }

    public static void FillPoly(
        Mat img, IEnumerable<IEnumerable<Point>> pts, Scalar color,
        LineTypes lineType = LineTypes.Link8, int shift = 0, Point? offset = null)
    {
        (Point[] points, int[] lengths) = Flatten(pts);
        Check(Native.FillPoly(img, points, lengths, lengths.Length, color, (int)lineType, shift, offset ?? default));
    }

    public static void PutText(
        InputOutputArray img, string text, Point org, HersheyFonts fontFace, double fontScale, Scalar color,
        int thickness = 1, LineTypes lineType = LineTypes.Link8, bool bottomLeftOrigin = false) =>
        Check(Native.PutText(img, text, org, (int)fontFace, fontScale, color, thickness, (int)lineType, bottomLeftOrigin ? 1 : 0));

    public static Size GetTextSize(string text, HersheyFonts fontFace, double fontScale, int thickness, out int baseLine)
    {
        Check(TextSize(text, (int)fontFace, fontScale, thickness, out baseLine, out Size size));
        return size;
    }

    private static (Point[] Points, int[] Lengths) Flatten(IEnumerable<IEnumerable<Point>> polygons)
    {
        Point[][] arrays = [.. polygons.Select(polygon => polygon.ToArray())];
        return ([.. arrays.SelectMany(polygon => polygon)], [.. arrays.Select(polygon => polygon.Length)]);
    }
}
