using OpenCvSharp;
using Vision.Data;

namespace Vision.Cli.Demo;

/// <summary>A few shapes on a textured background, drawn from a random state:
/// the same state yields the same scene on every machine.</summary>
internal sealed class ShapeScene : IDisposable
{
    private const int MaximumShapes = 4;
    private const double SmallestRadius = 11;

    /// <summary>As a fraction of the image's side.</summary>
    private const double LargestRadius = 0.3;

    /// <summary>Contrast to the background, summed over the channels.</summary>
    private const int SmallestContrast = 240;

    /// <summary>The maximum tilt in radians either way. A small square on its corner looks like a circle.</summary>
    public const double LargestTilt = 0.3;

    /// <summary>The maximum fraction of the smaller of two shapes that the other may hide, so that shapes stay recognizable.</summary>
    private const double LargestOverlap = 0.1;

    private readonly int size;
    private readonly Mat background;
    private readonly List<Shape> shapes = [];

    private ShapeScene(int size, Mat background) => (this.size, this.background) = (size, background);

    /// <summary>The shapes, in drawing order.</summary>
    public IReadOnlyList<Shape> Shapes => shapes;

    /// <summary>A scene of <paramref name="size"/> × <paramref name="size"/> pixels with one to four shapes.</summary>
    public static ShapeScene Draw(int size, Random random)
    {
        ShapeScene scene = new(size, DrawBackground(size, random));
        int wanted = random.Next(1, MaximumShapes + 1);
        // A crowded canvas may have no room left: limit the attempts and draw fewer shapes.
        for (int attempt = 0; attempt < 20 * wanted && scene.shapes.Count < wanted; attempt++)
        {
            Shape shape = DrawShape(scene, random);
            if (scene.shapes.All(other => Overlap(shape.Box, other.Box) <= LargestOverlap)) scene.shapes.Add(shape);
        }
        return scene;
    }

    /// <summary>A scene with two different shapes, one in the middle of each half.</summary>
    public static ShapeScene DrawColumns(int size, Random random)
    {
        ShapeScene scene = new(size, DrawBackground(size, random));
        ShapeKind[] kinds = Enum.GetValues<ShapeKind>();
        random.Shuffle(kinds);
        for (int column = 0; column < 2; column++)
        {
            double x = (column + 0.5) * size / 2, y = size / 2.0;
            scene.shapes.Add(new Shape(kinds[column], x, y, size * 0.22, Shape.Upright(kinds[column]), DrawColor(scene, x, y, random)));
        }
        return scene;
    }

    /// <summary>Draws the background with the given shapes, RGB. The caller owns the image.</summary>
    public Mat Paint(IEnumerable<Shape> painted)
    {
        Mat image = background.Clone();
        foreach (Shape shape in painted) shape.DrawOn(image);
        return image;
    }

    /// <summary>Frees the background.</summary>
    public void Dispose() => background.Dispose();

    private static Shape DrawShape(ShapeScene scene, Random random)
    {
        // Sizes are uniform in their logarithm, so that small ones are as common as large ones.
        double radius = SmallestRadius * Math.Pow(LargestRadius * scene.size / SmallestRadius, random.NextDouble());
        double Somewhere() => radius + 1 + (random.NextDouble() * (scene.size - (2 * radius) - 2));
        double x = Somewhere(), y = Somewhere();
        var kind = (ShapeKind)random.Next(1, 4);
        double angle = Shape.Upright(kind) + ((random.NextDouble() - 0.5) * 2 * LargestTilt);
        return new Shape(kind, x, y, radius, angle, DrawColor(scene, x, y, random));
    }

    /// <summary>Draws a color that stands out from the background.</summary>
    private static Scalar DrawColor(ShapeScene scene, double x, double y, Random random)
    {
        Vec3b under = scene.background.At<Vec3b>((int)y, (int)x);
        int[] color;
        do color = [random.Next(256), random.Next(256), random.Next(256)];
        while (Math.Abs(color[0] - under.Item0) + Math.Abs(color[1] - under.Item1) + Math.Abs(color[2] - under.Item2) < SmallestContrast);
        return new Scalar(color[0], color[1], color[2]);
    }

    /// <summary>Draws a smooth cloud of muted colors with a few thin lines and grain.</summary>
    private static Mat DrawBackground(int size, Random random)
    {
        int cells = random.Next(2, 6);
        using Mat coarse = Noise(cells, random, 0, 150);
        Mat image = new();
        Cv2.Resize(coarse, image, new Size(size, size), 0, 0, InterpolationFlags.Cubic);
        for (int i = random.Next(4); i > 0; i--)
        {
            Point Somewhere() => new(random.Next(size), random.Next(size));
            Cv2.Line(
                image, Somewhere(), Somewhere(), new Scalar(random.Next(256), random.Next(256), random.Next(256)), 1, LineTypes.AntiAlias);
        }
        using Mat grain = Noise(size, random, 0, 30);
        Cv2.Add(image, grain, image);
        return image;
    }

    private static Mat Noise(int size, Random random, int from, int to)
    {
        byte[] values = new byte[size * size * 3];
        for (int i = 0; i < values.Length; i++) values[i] = (byte)random.Next(from, to);
        using Mat borrowed = Mat.FromPixelData(size, size, MatType.CV_8UC3, values);
        return borrowed.Clone();
    }

    /// <summary>The intersection divided by the area of the smaller of two boxes.</summary>
    private static double Overlap(Box a, Box b)
    {
        float width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        return width <= 0 || height <= 0 ? 0 : width * height / Math.Min(a.Area, b.Area);
    }
}
