using OpenCvSharp;
using Vision.Data;

namespace Vision.Cli.Demo;

/// <summary>The shapes that the demo draws, in the order of their category ids.</summary>
internal enum ShapeKind
{
    /// <summary>A filled circle.</summary>
    Circle = 1,

    /// <summary>A filled square, at any angle.</summary>
    Square = 2,

    /// <summary>A filled equilateral triangle, at any angle.</summary>
    Triangle = 3,
}

/// <summary>One drawn shape.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="X">Center, in pixels.</param>
/// <param name="Y">Center, in pixels.</param>
/// <param name="Radius">From the center to a corner, in pixels.</param>
/// <param name="Angle">Of the first corner, in radians.</param>
/// <param name="Color">Of the filling.</param>
internal sealed record Shape(ShapeKind Kind, double X, double Y, double Radius, double Angle, Scalar Color)
{
    /// <summary>Bits of a pixel's fraction in OpenCV's drawing coordinates: edges are smooth and boxes true to less than a pixel.</summary>
    private const int Shift = 4;

    /// <summary>What smooth edges add all around a filled polygon, in pixels.</summary>
    private const double Bleed = 0.6;

    /// <summary>A polygon of so many corners is round, at the sizes that are drawn.</summary>
    private const int CircleCorners = 60;

    /// <summary>The tight box around it.</summary>
    public Box Box
    {
        get
        {
            var corners = Corners(Radius).ToArray();
            return new((float)corners.Min(c => c.X), (float)corners.Min(c => c.Y), (float)corners.Max(c => c.X),
                (float)corners.Max(c => c.Y));
        }
    }

    /// <summary>The angle at which a shape stands on its lowest side.</summary>
    public static double Upright(ShapeKind kind) => kind == ShapeKind.Square ? Math.PI / 4 : -Math.PI / 2;

    /// <summary>Paints it, with smooth edges.</summary>
    public void DrawOn(Mat image)
    {
        double radius = Radius - (Bleed / Math.Cos(Math.PI / CornerCount));
        Cv2.FillPoly(image, [Corners(radius).Select(c => new Point(Fixed(c.X), Fixed(c.Y))).ToArray()], Color, LineTypes.AntiAlias, Shift);
    }

    private int CornerCount => Kind switch { ShapeKind.Circle => CircleCorners, ShapeKind.Square => 4, _ => 3 };

    private IEnumerable<(double X, double Y)> Corners(double radius)
    {
        for (int i = 0; i < CornerCount; i++)
        {
            double angle = Angle + (2 * Math.PI * i / CornerCount);
            yield return (X + (radius * Math.Cos(angle)), Y + (radius * Math.Sin(angle)));
        }
    }

    /// <summary>OpenCV counts from the center of the first pixel, boxes from its edge.</summary>
    private static int Fixed(double value) => (int)Math.Round((value - 0.5) * (1 << Shift));
}
