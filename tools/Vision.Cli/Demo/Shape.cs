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
/// <param name="Kind">The kind of shape.</param>
/// <param name="X">X of the center, in pixels.</param>
/// <param name="Y">Y of the center, in pixels.</param>
/// <param name="Radius">Distance from the center to a corner, in pixels.</param>
/// <param name="Angle">Angle of the first corner, in radians.</param>
/// <param name="Color">Fill color.</param>
internal sealed record Shape(ShapeKind Kind, double X, double Y, double Radius, double Angle, Scalar Color)
{
    /// <summary>Fractional bits of OpenCV's drawing coordinates, for smooth edges and boxes of subpixel precision.</summary>
    private const int Shift = 4;

    /// <summary>The margin that smooth edges add around a filled polygon, in pixels.</summary>
    private const double Bleed = 0.6;

    /// <summary>The number of corners that makes a polygon look round at the sizes used.</summary>
    private const int CircleCorners = 60;

    /// <summary>Its tight bounding box.</summary>
    public Box Box
    {
        get
        {
            var corners = Corners(Radius).ToArray();
            return new(
                (float)corners.Min(c => c.X), (float)corners.Min(c => c.Y), (float)corners.Max(c => c.X), (float)corners.Max(c => c.Y));
        }
    }

    /// <summary>The angle at which a shape rests on its lowest side.</summary>
    public static double Upright(ShapeKind kind) => kind == ShapeKind.Square ? Math.PI / 4 : -Math.PI / 2;

    /// <summary>Draws the shape with smooth edges.</summary>
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

    /// <summary>OpenCV measures from the center of the first pixel, boxes from its edge.</summary>
    private static int Fixed(double value) => (int)Math.Round((value - 0.5) * (1 << Shift));
}
