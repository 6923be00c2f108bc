using System.Globalization;
using System.Security;
using System.Text;

namespace Vision.Graphs;

/// <summary>Writes the elements of an SVG image, in pixels.</summary>
internal sealed class SvgCanvas
{
    private const double Corner = 7;

    private readonly StringBuilder elements = new();

    /// <summary>A rectangle with round corners.</summary>
    public void Box(double x, double y, double width, double height, double radius, string style) => elements.AppendLine(
        $"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" rx=\"{N(radius)}\" class=\"{style}\"/>");

    /// <summary>A circle.</summary>
    public void Circle(double x, double y, double radius, string style) => elements.AppendLine(
        $"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" class=\"{style}\"/>");

    /// <summary>A line of text; its vertical position is the baseline's.</summary>
    public void Text(double x, double y, string text, string style) => elements.AppendLine(
        $"<text x=\"{N(x)}\" y=\"{N(y)}\" class=\"{style}\">{SecurityElement.Escape(text)}</text>");

    /// <summary>A line of text that ends in another style.</summary>
    public void Text(double x, double y, string text, string style, string end, string endStyle) => elements.AppendLine(
        $"<text x=\"{N(x)}\" y=\"{N(y)}\" class=\"{style}\" xml:space=\"preserve\">{SecurityElement.Escape(text)}" +
        $"<tspan class=\"{endStyle}\">{SecurityElement.Escape(end)}</tspan></text>");

    /// <summary>Horizontal and vertical lines through points, with round corners.</summary>
    /// <param name="points">The points; neighbors share a coordinate.</param>
    /// <param name="style">Classes of the style sheet.</param>
    /// <param name="hasArrow">Whether it ends in an arrow.</param>
    public void Line(IReadOnlyList<(double X, double Y)> points, string style, bool hasArrow)
    {
        (double X, double Y)[] p = [.. points.Where((point, i) => i == 0 || point != points[i - 1])];
        StringBuilder path = new($"M{N(p[0].X)} {N(p[0].Y)}");
        for (int i = 1; i < p.Length - 1; i++)
        {
            double radius = Math.Min(Corner, Math.Min(Length(p[i - 1], p[i]), Length(p[i], p[i + 1])) / 2);
            (double X, double Y) start = Toward(p[i], p[i - 1], radius), end = Toward(p[i], p[i + 1], radius);
            path.Append($"L{N(start.X)} {N(start.Y)}Q{N(p[i].X)} {N(p[i].Y)} {N(end.X)} {N(end.Y)}");
        }
        path.Append($"L{N(p[^1].X)} {N(p[^1].Y)}");
        elements.AppendLine($"<path d=\"{path}\" class=\"{style}\"{(hasArrow ? " marker-end=\"url(#arrow)\"" : "")}/>");
    }

    /// <summary>The whole image.</summary>
    /// <param name="frame">The part of the plane that it shows.</param>
    /// <param name="title">What it shows, for readers who cannot see it.</param>
    /// <param name="styleSheet">CSS of the classes.</param>
    public string Image((double X, double Y, double Width, double Height) frame, string title, string styleSheet) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="{N(frame.Width)}" height="{N(frame.Height)}"
         viewBox="{N(frame.X)} {N(frame.Y)} {N(frame.Width)} {N(frame.Height)}" role="img">
        <title>{SecurityElement.Escape(title)}</title>
        <style>{styleSheet}</style>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"
        markerUnits="userSpaceOnUse"><path d="M0 0.5L8 4L0 7.5Z" class="tip"/></marker></defs>
        <rect x="{N(frame.X)}" y="{N(frame.Y)}" width="{N(frame.Width)}" height="{N(frame.Height)}" class="paper"/>
        {elements}</svg>

        """;

    private static double Length((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y);

    private static (double X, double Y) Toward((double X, double Y) from, (double X, double Y) to, double distance)
    {
        double part = Length(from, to) is var length and > 0 ? distance / length : 0;
        return (from.X + (to.X - from.X) * part, from.Y + (to.Y - from.Y) * part);
    }

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
