using OpenCvSharp;

namespace Vision.Data;

/// <summary>Combines four images around a random point of one canvas (Bochkovskiy et al. 2020, arXiv:2004.10934): more objects, at more
/// scales, in unusual contexts.</summary>
public sealed record Mosaic : ISampleMixing
{
    /// <summary>The probability of applying it, in [0, 1].</summary>
    public double Chance { get; init => field = Probability.Checked(value); } = 1;

    /// <summary>Side of the canvas, in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>The minimum long side of an image, as a fraction of the canvas side.</summary>
    public double LeastScale { get; init; } = 0.5;

    /// <summary>The maximum long side of an image, as a fraction of the canvas side.</summary>
    public double GreatestScale { get; init; } = 1.2;

    /// <summary>The minimum fraction of an object that must remain, in [0, 1].</summary>
    public double MinVisible { get; init => field = Probability.Checked(value); } = 0.2;

    /// <summary>The padding color: YOLO's gray.</summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; } = (114, 114, 114);

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Func<Random, (Mat Image, Targets Targets)> draw, Random random)
    {
        if (random.NextDouble() >= Chance) return (image, targets);
        int x = Center(), y = Center();
        Mat canvas = new(Size, Size, MatType.CV_8UC3, new Scalar(Fill.Red, Fill.Green, Fill.Blue));
        List<Annotation> objects = [];
        byte[]? classes = targets.Map is null ? null : new byte[Size * Size];
        classes.AsSpan().Fill(SegmentationMap.Ignore);
        for (int quarter = 0; quarter < 4; quarter++)
        {
            (Mat part, Targets own) = quarter == 0 ? (image, targets) : draw(random);
            bool right = quarter % 2 == 1, lower = quarter >= 2;
            double scale = Size * (LeastScale + (GreatestScale - LeastScale) * random.NextDouble()) / Math.Max(part.Width, part.Height);
            (part, own) = ScaleJitter.Resized(part, own, Math.Max(1, (int)(part.Width * scale)), Math.Max(1, (int)(part.Height * scale)));
            using (part)
            {
                // Each image touches the center with a corner and is clipped to its quadrant.
                int width = right ? Size - x : x, height = lower ? Size - y : y;
                int left = right ? 0 : width - part.Width, top = lower ? 0 : height - part.Height;
                using Mat cut = Crop.Padded(part, -left, -top, width, height, Fill);
                (int cornerX, int cornerY) = (right ? x : 0, lower ? y : 0);
                Crop.Paste(cut, canvas, cornerX, cornerY);
                Targets inQuarter = own.Moved(width, height, AffineMap.Shift(left, top), MinVisible);
                objects.AddRange((inQuarter with { Map = null }).Moved(Size, Size, AffineMap.Shift(cornerX, cornerY)).Objects);
                if (classes is not null && inQuarter.Map is { } map)
                    for (int row = 0; row < height; row++)
                        map.Classes.AsSpan(row * width, width).CopyTo(classes.AsSpan((cornerY + row) * Size + cornerX));
            }
        }
        return (canvas, targets with
        {
            Width = Size, Height = Size, Objects = objects, Map = classes is null ? null : new(Size, Size, classes),
        });

        int Center() => Math.Max(1, (int)(Size * (0.25 + 0.5 * random.NextDouble())));
    }
}
