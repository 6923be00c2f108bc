using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Finds positions for the captions of an image's boxes: inside the image, and without overlaps.</summary>
internal sealed class CaptionPlacer(Size image)
{
    private const int RowsAway = 3;

    private readonly List<Rect> taken = [];

    /// <summary>
    /// Places the caption of a box; null if there is no room near the box. Captions placed first get the best positions.
    /// </summary>
    public Point? Place(Rect box, Size caption)
    {
        foreach (Point corner in Corners(box, caption))
        {
            Rect place = Inside(corner, caption);
            if (taken.Any(other => other.IntersectsWith(place))) continue;
            taken.Add(place);
            return place.Location;
        }
        return null;
    }

    /// <summary>
    /// The upper left corners to try, in order of preference: on the box's upper edge, inside the box, below it, next to it, and stacked
    /// along it.
    /// </summary>
    private static IEnumerable<Point> Corners(Rect box, Size caption)
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
        for (int y = box.Top + caption.Height; y < low; y += caption.Height)
        {
            yield return new(box.Left, y);
            yield return new(right, y);
        }
        // Farther away, it would no longer be clear which box the caption belongs to.
        for (int rows = 2; rows <= RowsAway; rows++)
        {
            if (box.Top >= rows * caption.Height) yield return new(box.Left, box.Top - rows * caption.Height);
            yield return new(box.Left, box.Bottom + (rows - 1) * caption.Height);
        }
    }

    private Rect Inside(Point corner, Size caption) => new(
        Math.Clamp(corner.X, 0, Math.Max(0, image.Width - caption.Width)),
        Math.Clamp(corner.Y, 0, Math.Max(0, image.Height - caption.Height)),
        caption.Width, caption.Height);
}
