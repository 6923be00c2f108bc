using System.Globalization;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Draws the classes of pixels over an image, each in its color, with a legend of the classes that occur.</summary>
public sealed class SegmentationPainter
{
    private const float Fill = 0.5f;
    private const double LegendShare = 0.002;

    private readonly IReadOnlyList<Category> categories;
    private readonly Color[] colors;

    /// <summary>Creates a painter for the given classes.</summary>
    /// <param name="categories">The classes: a pixel's value is the index of its class here.</param>
    /// <param name="colors">The color of each class, as defined by a data set; null for <see cref="Palette"/>'s colors.</param>
    public SegmentationPainter(IReadOnlyList<Category> categories, IReadOnlyList<(byte Red, byte Green, byte Blue)>? colors = null)
    {
        this.categories = categories;
        this.colors = colors is null
            ? [.. categories.Select((_, label) => Palette.Of(label + 1))]
            : [.. categories.Select((_, label) => new Color(colors[label].Red, colors[label].Green, colors[label].Blue))];
    }

    /// <summary>The color of a class, given its zero-based index.</summary>
    public Color ColorOf(int label) => colors[label];

    /// <summary>Draws on an image, in place. Pixels without a class are unchanged.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="map">The map, of the image's size.</param>
    /// <param name="legend">Whether to write the names of as many classes as fit, the largest first.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the map has a class that the painter does not know.</exception>
    public void Draw(Mat image, SegmentationMap map, bool legend = true)
    {
        PixelRows rows = new(image);
        if ((map.Width, map.Height) != (rows.Width, rows.Height))
            throw new ArgumentException($"The map has {map.Width}×{map.Height} pixels, but the image has {rows.Width}×{rows.Height}.",
                nameof(map));
        int[] pixels = new int[SegmentationMap.Ignore + 1];
        for (int y = 0; y < rows.Height; y++)
        {
            Span<byte> row = rows[y];
            ReadOnlySpan<byte> classes = map.Classes.AsSpan(y * map.Width, map.Width);
            for (int x = 0; x < classes.Length; x++)
            {
                int label = classes[x];
                pixels[label]++;
                if (label == SegmentationMap.Ignore) continue;
                if (label >= colors.Length)
                    throw new ArgumentException($"The map has class {label}, but there are only {colors.Length} classes.", nameof(map));
                colors[label].BlendInto(row.Slice(3 * x, 3), Fill);
            }
        }
        if (legend) DrawLegend(image, pixels);
    }

    private void DrawLegend(Mat image, int[] pixels)
    {
        double total = (double)image.Width * image.Height;
        int top = 0;
        var shown = Enumerable.Range(0, colors.Length).Where(label => pixels[label] > LegendShare * total);
        foreach (int label in shown.OrderByDescending(label => pixels[label]))
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{categories[label].Name} {100 * pixels[label] / total:0.#} %");
            Caption caption = Caption.Of(text, image.Size(), colors[label]);
            if (top + caption.Size.Height > image.Height || caption.Size.Width > image.Width) return;
            caption.Draw(image, new Point(0, top));
            top += caption.Size.Height;
        }
    }
}
