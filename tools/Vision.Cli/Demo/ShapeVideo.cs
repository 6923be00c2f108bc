using OpenCvSharp;

namespace Vision.Cli.Demo;

/// <summary>Frames of shapes that drift over a background and bounce off its edges.</summary>
internal static class ShapeVideo
{
    /// <summary>The frames, RGB; each is valid until the next is asked for.</summary>
    public static IEnumerable<Mat> Frames(int size, int count, int seed)
    {
        Random random = new(seed);
        using ShapeScene scene = ShapeScene.Draw(size, random);
        var velocities = scene.Shapes.Select(_ => (X: (random.NextDouble() * 3) - 1.5, Y: (random.NextDouble() * 3) - 1.5, Turn: (random.NextDouble() * 0.1) - 0.05)).ToArray();
        for (int frame = 0; frame < count; frame++)
        {
            using Mat image = scene.Paint(scene.Shapes.Select((shape, i) => shape with
            {
                X = Bounce(shape.X + (frame * velocities[i].X), shape.Radius, size - shape.Radius),
                Y = Bounce(shape.Y + (frame * velocities[i].Y), shape.Radius, size - shape.Radius),
                Angle = shape.Angle + (frame * velocities[i].Turn),
            }));
            yield return image;
        }
    }

    /// <summary>Where a point that moves in a straight line is when walls reflect it.</summary>
    private static double Bounce(double position, double low, double high)
    {
        double period = 2 * (high - low), offset = (((position - low) % period) + period) % period;
        return low + (offset <= high - low ? offset : period - offset);
    }
}
