using OpenCvSharp;

namespace Vision.Data;

/// <summary>
/// Crops a random window with a minimum IoU with some object, as in SSD's training (Liu et al. 2015, arXiv:1512.02325), drawn as in
/// torchvision's references. Objects whose center lies outside the window are left out.
/// </summary>
public sealed record RandomIoUCrop : IImageTransform
{
    private const int Attempts = 40;

    // The last one keeps the whole image.
    private static readonly double[] overlaps = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1];

    /// <summary>The minimum side of the window, as a fraction of the image's: SSD's 0.3.</summary>
    public double MinScale { get; init => field = Probability.Checked(value); } = 0.3;

    /// <summary>The maximum aspect ratio of the window; the minimum is its inverse. SSD uses 2.</summary>
    public double MaxRatio { get; init; } = 2;

    /// <inheritdoc/>
    public (Mat Image, Targets Targets) Apply(Mat image, Targets targets, Random random)
    {
        // Without objects no window would be accepted, and the loop would not end.
        if (targets.Objects.Count == 0) return (image, targets);
        while (true)
        {
            double least = overlaps[random.Next(overlaps.Length)];
            if (least >= 1) return (image, targets);
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                if (Draw(image.Width, image.Height, random) is not { } window) continue;
                Annotation[] within = [.. targets.Objects.Where(item => HasMiddle(window, item.Box))];
                if (within.Length == 0 || within.Max(item => Place(window).Iou(item.Box)) < least) continue;
                using (image)
                using (Mat part = image[window])
                    return (part.Clone(), (targets with { Objects = within })
                        .Moved(window.Width, window.Height, AffineMap.Shift(-window.X, -window.Y)));
            }
        }
    }

    private Rect? Draw(int width, int height, Random random)
    {
        int w = (int)(width * (MinScale + (1 - MinScale) * random.NextDouble())),
            h = (int)(height * (MinScale + (1 - MinScale) * random.NextDouble()));
        double left = random.NextDouble(), top = random.NextDouble();
        if (w == 0 || h == 0 || (double)w / h > MaxRatio || (double)h / w > MaxRatio) return null;
        return new((int)((width - w) * left), (int)((height - h) * top), w, h);
    }

    private static bool HasMiddle(Rect window, Box box)
    {
        double x = (box.X1 + box.X2) / 2.0, y = (box.Y1 + box.Y2) / 2.0;
        return x > window.X && x < window.X + window.Width && y > window.Y && y < window.Y + window.Height;
    }

    private static Box Place(Rect window) => new(window.Left, window.Top, window.Right, window.Bottom);
}
