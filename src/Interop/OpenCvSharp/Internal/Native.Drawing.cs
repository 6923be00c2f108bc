using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "vision_cv_line")]
    public static partial int Line(OutputArray image, Point from, Point to, Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Library, EntryPoint = "vision_cv_rectangle")]
    public static partial int Rectangle(OutputArray image, Point from, Point to, Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Library, EntryPoint = "vision_cv_circle")]
    public static partial int Circle(OutputArray image, Point centre, int radius, Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Library, EntryPoint = "vision_cv_ellipse")]
    public static partial int Ellipse(OutputArray image, Point centre, Size axes, double angle, double start, double end, Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Library, EntryPoint = "vision_cv_polylines")]
    public static partial int Polylines(OutputArray image, ReadOnlySpan<Point> points, ReadOnlySpan<int> lengths, int count, int closed, Scalar colour, int thickness, int line, int shift);

    [LibraryImport(Library, EntryPoint = "vision_cv_fill_poly")]
    public static partial int FillPoly(OutputArray image, ReadOnlySpan<Point> points, ReadOnlySpan<int> lengths, int count, Scalar colour, int line, int shift, Point offset);

    [LibraryImport(Library, EntryPoint = "vision_cv_put_text", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PutText(OutputArray image, string text, Point origin, int font, double scale, Scalar colour, int thickness, int line, int bottomLeft);

    [LibraryImport(Library, EntryPoint = "vision_cv_text_size", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TextSize(string text, int font, double scale, int thickness, out int baseline, out Size result);
}
