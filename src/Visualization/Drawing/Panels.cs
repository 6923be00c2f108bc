using OpenCvSharp;

namespace Vision.Visualization;

/// <summary>Places images side by side under headings.</summary>
internal static class Panels
{
    private static readonly Color background = new(32, 33, 36);

    /// <summary>Creates an RGB image of panels of equal size.</summary>
    public static Mat Row(IReadOnlyList<(string Heading, Mat Image)> panels)
    {
        Size size = panels[0].Image.Size();
        Caption[] headings = [.. panels.Select(panel => Caption.Of(panel.Heading, size, background))];
        int gap = Math.Max(2, size.Width / 100), strip = headings.Max(heading => heading.Size.Height);

        Mat row = new(size.Height + strip, panels.Count * size.Width + (panels.Count - 1) * gap, MatType.CV_8UC3, background.Rgb);
        for (int i = 0; i < panels.Count; i++)
        {
            int left = i * (size.Width + gap);
            row[new Rect(new Point(left, strip), size)] = panels[i].Image;
            headings[i].Draw(row, new Point(left + (size.Width - headings[i].Size.Width) / 2, 0));
        }
        return row;
    }
}
