using System.Globalization;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Lays the classes of pixels over an image, each in its color, with a legend of those that are there.</summary>
public sealed class SegmentationPainter
{
    private const float Fill = 0.5f;
    private const double LegendShare = 0.002;

    private readonly IReadOnlyList<Category> categories;
    private readonly Color[] colors;

    /// <summary>A painter of these classes.</summary>
    /// <param name="categories">The classes: a pixel's class is its place here.</param>
    /// <param name="colors">The color of each class, as a data set has them; null for <see cref="Palette"/>'s.</param>
    public SegmentationPainter(IReadOnlyList<Category> categories, IReadOnlyList<(byte Red, byte Green, byte Blue)>? colors = null)
    {
        this.categories = categories;
        this.colors = colors is null
            ? [.. categories.Select((_, label) => Palette.Of(label + 1))]
            : [.. categories.Select((_, label) => new Color(colors[label].Red, colors[label].Green, colors[label].Blue))];
    }

    /// <summary>The color of a class, from 0.</summary>
    public Color ColorOf(int label) => colors[label];

    /// <summary>Draws on an image itself. Pixels without a class stay as they are.</summary>
    /// <param name="image">RGB, 8 bits.</param>
    /// <param name="map">Of the image's size.</param>
    /// <param name="legend">Whether the names of classes are written, the largest first, as many as fit.</param>
    /// <exception cref="ArgumentException">The sizes differ, or the map has a class that is none of the painter's.</exception>
    public void Draw(Mat image, SegmentationMap map, bool legend = true)
    {
        PixelRows rows = new(image);
        if ((map.Width, map.Height) != (rows.Width, rows.Height))
            throw new ArgumentException($"The map is of {map.Width}×{map.Height} pixels, and the image has {rows.Width}×{rows.Height}.",
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
                    throw new ArgumentException($"The map has class {label}, and there are {colors.Length}.", nameof(map));
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
