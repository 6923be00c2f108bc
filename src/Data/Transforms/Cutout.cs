using OpenCvSharp;

namespace Vision.Data;

/// <summary>Covers random squares of the image with a uniform color (DeVries and Taylor 2017, arXiv:1708.04552). Objects of which too
/// little is visible are left out, and covered pixels lose their class.</summary>
public sealed record Cutout : IImageTransform
{
    /// <summary>The number of squares.</summary>
    public int Count { get; init; } = 3;

    /// <summary>The side of a square, as a fraction of the image's shorter side, in [0, 1].</summary>
    public double Size { get; init => field = Probability.Checked(value); } = 0.2;

    /// <summary>The minimum fraction of an object's box that must remain visible, in [0, 1].</summary>
    public double MinVisible { get; init => field = Probability.Checked(value); } = 0.3;

    /// <summary>The color of the squares: ImageNet's mean, which normalizes to about 0.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; } = (124, 116, 104);

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        int side = Math.Max(1, (int)(Size * Math.Min(image.Width, image.Height)));
        Rect[] holes = [.. Enumerable.Range(0, Count).Select(_ => Around(random.Next(image.Width), random.Next(image.Height)))];
        foreach (Rect hole in holes)
        {
            using Mat part = image[hole];
            part.SetTo(new Scalar(Fill.Red, Fill.Green, Fill.Blue));
        }
        return (image, targets with { Objects = [.. targets.Objects.Where(item => Visible(item.Box, holes) >= MinVisible)],
            Map = targets.Map?.Hidden(holes) });

        // Squares may extend beyond the border.
        Rect Around(int x, int y)
        {
            int x1 = Math.Max(0, x - side / 2), y1 = Math.Max(0, y - side / 2);
            return new(x1, y1,
                Math.Max(1, Math.Min(image.Width, x - side / 2 + side) - x1),
                Math.Max(1, Math.Min(image.Height, y - side / 2 + side) - y1));
        }
    }

    /// <summary>The fraction of a box's pixels that no square covers.</summary>
    private static double Visible(Box box, Rect[] holes)
    {
        int x1 = (int)MathF.Floor(box.X1), y1 = (int)MathF.Floor(box.Y1), x2 = (int)MathF.Ceiling(box.X2), y2 = (int)MathF.Ceiling(box.Y2);
        Rect[] near = [.. holes.Where(hole => hole.X < x2 && hole.X + hole.Width > x1 && hole.Y < y2 && hole.Y + hole.Height > y1)];
        if (near.Length == 0) return 1;
        long seen = 0;
        for (int y = y1; y < y2; y++)
            for (int x = x1; x < x2; x++)
                if (!near.Any(hole => x >= hole.X && x < hole.X + hole.Width && y >= hole.Y && y < hole.Y + hole.Height)) seen++;
        return (double)seen / ((long)(x2 - x1) * (y2 - y1));
    }
}
