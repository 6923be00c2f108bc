using OpenCvSharp;

namespace Vision.Cli.Demo;

/// <summary>The frames of a few scenes, in each of which two different shapes move up and down and sway side by side.</summary>
internal static class ShapeVideo
{
    private const int FramesPerScene = 40;

    /// <summary>The frames, RGB; each is valid until the next is requested.</summary>
    public static IEnumerable<Mat> Frames(int size, int count, int seed)
    {
        Random random = new(seed);
        for (int first = 0; first < count; first += FramesPerScene)
        {
            using ShapeScene scene = ShapeScene.DrawColumns(size, random);
            for (int frame = first; frame < Math.Min(first + FramesPerScene, count); frame++)
            {
                double time = 2 * Math.PI * (frame - first) / FramesPerScene;
                using Mat image = scene.Paint(scene.Shapes.Select((shape, column) => Moved(shape, size, time * (column + 1))));
                yield return image;
            }
        }
    }

    /// <summary>Moves a shape between the upper and the lower edge, tilting back and forth, with a period of 2π.</summary>
    private static Shape Moved(Shape shape, int size, double time) => shape with
    {
        Y = (size / 2.0) + (((size / 2.0) - shape.Radius - 1) * Math.Sin(time)),
        Angle = Shape.Upright(shape.Kind) + (ShapeScene.LargestTilt * Math.Cos(time)),
    };
}
