using System.Runtime.InteropServices;

namespace OpenCvSharp;

[StructLayout(LayoutKind.Sequential)]
public record struct Rect(int X, int Y, int Width, int Height)
{
    public int X = X;
    public int Y = Y;
    public int Width = Width;
    public int Height = Height;

    public Rect(Point location, Size size)
        : this(location.X, location.Y, size.Width, size.Height)
    {
    }

    public int Left => X;

    public int Top => Y;

    public int Right => X + Width;

    public int Bottom => Y + Height;

    public Point Location => new(X, Y);

    public Size Size => new(Width, Height);

    public Point TopLeft => new(X, Y);

    public Point BottomRight => new(X + Width, Y + Height);

    public static Rect FromLTRB(int left, int top, int right, int bottom)
    {
        if (right < left) throw new ArgumentException($"The right edge {right} is left of the left edge {left}.");
        if (bottom < top) throw new ArgumentException($"The bottom edge {bottom} is above the top edge {top}.");
        return new Rect(left, top, right - left, bottom - top);
    }

    public readonly bool Contains(Point pt) => X <= pt.X && pt.X < X + Width && Y <= pt.Y && pt.Y < Y + Height;

    public readonly bool Contains(Rect rect) =>
        X <= rect.X && rect.X + rect.Width <= X + Width && Y <= rect.Y && rect.Y + rect.Height <= Y + Height;

    public readonly bool IntersectsWith(Rect rect) =>
        X < rect.X + rect.Width && rect.X < X + Width && Y < rect.Y + rect.Height && rect.Y < Y + Height;

    public readonly Rect Intersect(Rect rect) => Intersect(this, rect);

    public static Rect Intersect(Rect a, Rect b)
    {
        int left = Math.Max(a.X, b.X), top = Math.Max(a.Y, b.Y);
        int right = Math.Min(a.X + a.Width, b.X + b.Width), bottom = Math.Min(a.Y + a.Height, b.Y + b.Height);
        return right >= left && bottom >= top ? new Rect(left, top, right - left, bottom - top) : default;
    }

    public static Rect operator &(Rect a, Rect b) => Intersect(a, b);

    public static Rect operator +(Rect rect, Point pt) => rect with { X = rect.X + pt.X, Y = rect.Y + pt.Y };
}
