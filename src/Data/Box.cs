namespace Vision.Data;

/// <summary>An axis-aligned box by its corners, in pixels: (X1, Y1) is the upper left
/// corner, (X2, Y2) the lower right, exclusive.</summary>
/// <remarks>COCO's (x, y, width, height) and YOLO's normalized centers are used only when reading and writing files.</remarks>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>X2 − X1, in pixels; not above 0 for a degenerate box.</summary>
    public float Width => X2 - X1;

    /// <summary>Y2 − Y1, in pixels; not above 0 for a degenerate box.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Width × Height, in square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>This box clipped to an image of the given size.</summary>
    public Box ClippedTo(int width, int height) => new(
        Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height),
        Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));

    /// <summary>Intersection over union of this box and another, in [0, 1]; 0 if either has no area.</summary>
    public double Iou(Box other)
    {
        double width = Math.Min(X2, other.X2) - Math.Max(X1, other.X1), height = Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1);
        if (!(width > 0 && height > 0)) return 0;
        double intersection = width * height;
        return intersection / (Area + other.Area - intersection);
    }
}
