using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Finds places for the captions of one image's boxes: inside the image, and off each other where there is room.</summary>
internal sealed class CaptionPlacer(Size image)
{
    private readonly List<Rect> taken = [];

    /// <summary>Where the caption of a box goes. The first asked for have the best places.</summary>
    public Point Place(Rect box, Size caption)
    {
        Rect best = default;
        long leastOverlap = long.MaxValue;
        foreach (Point corner in Corners(box, caption))
        {
            Rect place = Inside(corner, caption);
            long overlap = taken.Sum(other => Area(place & other));
            if (overlap < leastOverlap) (best, leastOverlap) = (place, overlap);
            if (overlap == 0) break;
        }
        taken.Add(best);
        return best.Location;
    }

    /// <summary>Upper left corners to try, the most usual first: on the box's upper edge, then inside it, under it, beside it, and stacked along it.</summary>
    private IEnumerable<Point> Corners(Rect box, Size caption)
    {
        int right = box.Right - caption.Width, above = box.Top - caption.Height, low = box.Bottom - caption.Height;
        if (above >= 0)
        {
            yield return new(box.Left, above);
            yield return new(right, above);
        }
        yield return new(box.Left, box.Top);
        yield return new(box.Left, box.Bottom);
        yield return new(right, box.Top);
        yield return new(right, box.Bottom);
        yield return new(box.Left, low);
        yield return new(box.Right, box.Top);
        yield return new(box.Left - caption.Width, box.Top);
        for (int y = box.Top + caption.Height; y < low; y += caption.Height) yield return new(box.Left, y);
        // Further up a person would no longer see whose caption it is.
        for (int rows = 2; rows <= 3 && box.Top >= rows * caption.Height; rows++) yield return new(box.Left, box.Top - rows * caption.Height);
    }

    private Rect Inside(Point corner, Size caption) => new(
        Math.Clamp(corner.X, 0, Math.Max(0, image.Width - caption.Width)),
        Math.Clamp(corner.Y, 0, Math.Max(0, image.Height - caption.Height)),
        caption.Width, caption.Height);

    private static long Area(Rect rect) => (long)rect.Width * rect.Height;
}
