using OpenCvSharp;

namespace Vision.Data;

/// <summary>An affine map of the plane: a point (x, y) goes to (a·x + b·y + c, d·x + e·y + f),
/// in pixels from the image's upper left corner.</summary>
public readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Scales both axes.</summary>
    public static AffineMap Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Translates.</summary>
    public static AffineMap Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Mirrors an image of the given width horizontally.</summary>
    public static AffineMap Mirror(int width) => new(-1, 0, width, 0, 1, 0);

    /// <summary>Shifts rows to the left by a fraction of their distance from the upper border.</summary>
    internal static AffineMap ShearX(double part) => new(1, -part, 0, 0, 1, 0);

    /// <summary>Shifts columns up by a fraction of their distance from the left border.</summary>
    internal static AffineMap ShearY(double part) => new(1, 0, 0, -part, 1, 0);

    /// <summary>Rotates counterclockwise about the origin.</summary>
    public static AffineMap Turn(double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return new(cosine, sine, 0, -sine, cosine, 0);
    }

    /// <summary>The factor by which areas grow.</summary>
    public double AreaFactor => Math.Abs(A * E - B * D);

    /// <summary>Whether axis-aligned boxes stay axis-aligned.</summary>
    public bool KeepsAxes => B == 0 && D == 0;

    /// <summary>The same map about another origin.</summary>
    public AffineMap About(double x, double y) => this with { C = C + x - A * x - B * y, F = F + y - D * x - E * y };

    /// <summary>This map followed by another.</summary>
    public AffineMap Then(AffineMap next) => new(
        next.A * A + next.B * D, next.A * B + next.B * E, next.A * C + next.B * F + next.C,
        next.D * A + next.E * D, next.D * B + next.E * E, next.D * C + next.E * F + next.F);

    /// <summary>Maps a point.</summary>
    public (double X, double Y) Of(double x, double y) => (A * x + B * y + C, D * x + E * y + F);

    /// <summary>Maps a point back.</summary>
    public (double X, double Y) Back(double x, double y)
    {
        double determinant = A * E - B * D, u = x - C, v = y - F;
        return ((E * u - B * v) / determinant, (A * v - D * u) / determinant);
    }

    /// <summary>The bounding box of a box's mapped corners.</summary>
    public Box Of(Box box)
    {
        (double X, double Y)[] corners = [Of(box.X1, box.Y1), Of(box.X2, box.Y1), Of(box.X1, box.Y2), Of(box.X2, box.Y2)];
        return new(
            (float)corners.Min(corner => corner.X), (float)corners.Min(corner => corner.Y),
            (float)corners.Max(corner => corner.X), (float)corners.Max(corner => corner.Y));
    }

    /// <summary>Transforms an image, of which it takes ownership, and its ground truth.
    /// Samples the nearest pixel, and black outside.</summary>
    internal (Mat Image, Targets Targets) Apply(Mat image, Targets targets)
    {
        PixelRows source = new(image);
        Mat result = new(source.Height, source.Width, MatType.CV_8UC3, new Scalar(0, 0, 0));
        PixelRows rows = new(result);
        // Maps the center of each output pixel back to the input pixel that it falls into.
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> to = rows[y];
            for (int x = 0; x < rows.Width; x++)
            {
                (double u, double v) = Back(x + 0.5, y + 0.5);
                int fromX = Nearest(u - 0.5), fromY = Nearest(v - 0.5);
                if (fromX >= 0 && fromX < source.Width && fromY >= 0 && fromY < source.Height)
                    source[fromY].Slice(3 * fromX, 3).CopyTo(to[(3 * x)..]);
            }
        }
        image.Dispose();
        return (result, targets.Moved(targets.Width, targets.Height, this));
    }

    // Halves round to even, as in libtorch's sampling; values within a rounding error of a half count as halves.
    internal static int Nearest(double position) => (int)Math.Round(Math.Round(position, 4));
}
