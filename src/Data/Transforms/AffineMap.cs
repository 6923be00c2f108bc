using OpenCvSharp;

namespace Vision.Data;

/// <summary>An affine change of the plane: a point (x, y) goes to (a·x + b·y + c, d·x + e·y + f), in pixels from the image's upper left corner.</summary>
internal readonly record struct AffineMap(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Pushes rows to the left by a part of their distance from the upper border.</summary>
    public static AffineMap ShearX(double part) => new(1, -part, 0, 0, 1, 0);

    /// <summary>Pushes columns up by a part of their distance from the left border.</summary>
    public static AffineMap ShearY(double part) => new(1, 0, 0, -part, 1, 0);

    /// <summary>Moves all.</summary>
    public static AffineMap Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Turns counter-clockwise about the origin.</summary>
    public static AffineMap Turn(double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return new(cosine, sine, 0, -sine, cosine, 0);
    }

    /// <summary>The same change about another origin.</summary>
    public AffineMap About(double x, double y) => this with { C = C + x - A * x - B * y, F = F + y - D * x - E * y };

    /// <summary>Changes an image, which is taken over, and its boxes: each becomes the one around its moved corners. Nearest pixels are taken, and black from outside.</summary>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets)
    {
        Mat result = new(image.Rows, image.Cols, MatType.CV_8UC3, new Scalar(0, 0, 0));
        double determinant = A * E - B * D;
        // Back from the middle of each pixel of the result to the pixel that it falls into.
        for (int y = 0; y < result.Rows; y++)
        {
            Span<byte> to = result.RowBytes(y);
            for (int x = 0; x < result.Cols; x++)
            {
                double u = x + 0.5 - C, v = y + 0.5 - F;
                int fromX = Nearest((E * u - B * v) / determinant - 0.5), fromY = Nearest((A * v - D * u) / determinant - 0.5);
                if (fromX >= 0 && fromX < image.Cols && fromY >= 0 && fromY < image.Rows) image.RowBytes(fromY).Slice(3 * fromX, 3).CopyTo(to[(3 * x)..]);
            }
        }
        image.Dispose();
        return (result, targets.Moved(targets.Width, targets.Height, Around));
    }

    // A half goes to the even side, as libtorch samples; a rounding error beside it is not to decide.
    private static int Nearest(double position) => (int)Math.Round(Math.Round(position, 4));

    private Box Around(Box box)
    {
        (float X, float Y)[] corners = [To(box.X1, box.Y1), To(box.X2, box.Y1), To(box.X1, box.Y2), To(box.X2, box.Y2)];
        return new(corners.Min(corner => corner.X), corners.Min(corner => corner.Y), corners.Max(corner => corner.X), corners.Max(corner => corner.Y));
    }

    private (float X, float Y) To(float x, float y) => ((float)(A * x + B * y + C), (float)(D * x + E * y + F));
}
