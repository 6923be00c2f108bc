using System.Globalization;
using OpenCvSharp;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>Plots which classes a classifier takes for which: a row for each true class, a column for each predicted one, darker the larger the part of the row.</summary>
public static class ConfusionMatrixPlot
{
    /// <summary>Beyond so many classes, cells have no room for numbers.</summary>
    private const int NumberedClasses = 20;

    /// <summary>Beyond so many, rows and columns have none for names.</summary>
    private const int NamedClasses = 50;

    private const int Fine = PlotText.Fine, Left = 170, Top = 64, Side = 760, Width = 960, Height = 1000;

    private static readonly Colour ink = new(45, 48, 56), faint = new(228, 230, 235), full = new(24, 74, 148);

    /// <summary>Draws the matrix.</summary>
    /// <param name="categories">The classes.</param>
    /// <param name="counts">How many images, or pixels, of class i were taken for class j, at [i, j].</param>
    /// <param name="asShares">Whether cells show parts of their row, in percent: pixels are too many to count.</param>
    /// <returns>RGB, 8 bits, 960 × 1000 pixels; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The matrix is not of as many rows and columns as there are classes.</exception>
    public static Mat Render(IReadOnlyList<Category> categories, long[,] counts, bool asShares = false)
    {
        int classes = categories.Count;
        if (classes == 0 || counts.GetLength(0) != classes || counts.GetLength(1) != classes)
            throw new ArgumentException($"The matrix is {counts.GetLength(0)}×{counts.GetLength(1)} for {classes} classes.", nameof(counts));

        using Mat canvas = new(Height * Fine, Width * Fine, MatType.CV_8UC3, Colour.White.Rgb);
        long right = Enumerable.Range(0, classes).Sum(i => counts[i, i]), total = counts.Cast<long>().Sum();
        PlotText.Draw(canvas, string.Create(CultureInfo.InvariantCulture, $"{right} of {total} right ({(total == 0 ? 0 : 100.0 * right / total):F1} %)"), At(Left, 38), 0.72, ink, horizontal: 0, bold: true);
        for (int i = 0; i < classes; i++)
        {
            long row = Enumerable.Range(0, classes).Sum(j => counts[i, j]);
            for (int j = 0; j < classes; j++) Cell(canvas, i, j, classes, counts[i, j], row, asShares);
            if (classes <= NamedClasses) Names(canvas, categories[i].Name, i, classes);
        }
        Cv2.Rectangle(canvas, new Rect(Left * Fine, Top * Fine, Side * Fine, Side * Fine), ink.Rgb, Fine);
        PlotText.Draw(canvas, "predicted", At(Left + Side / 2, Height - 12), 0.56, ink, horizontal: 0.5);
        PlotText.DrawSideways(canvas, "true", At(8, Top + Side / 2), 0.56, ink, vertical: 0.5);

        Mat picture = new();
        Cv2.Resize(canvas, picture, new Size(Width, Height), 0, 0, InterpolationFlags.Area);
        return picture;
    }

    /// <summary>Draws the matrix into a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Category> categories, long[,] counts, bool asShares = false)
    {
        using Mat picture = Render(categories, counts, asShares);
        ImageOutput.Write(path, picture);
    }

    private static void Cell(Mat canvas, int row, int column, int classes, long count, long rowTotal, bool asShare)
    {
        // Borders by rounding, so that any number of cells fills the square without gaps.
        int x1 = Border(Left, column, classes), x2 = Border(Left, column + 1, classes), y1 = Border(Top, row, classes), y2 = Border(Top, row + 1, classes);
        Colour colour = Colour.White.Mixed(full, rowTotal == 0 ? 0 : (double)count / rowTotal);
        Cv2.Rectangle(canvas, Rect.FromLTRB(x1, y1, x2, y2), colour.Rgb, -1);
        if (classes > NumberedClasses) return;
        Cv2.Rectangle(canvas, Rect.FromLTRB(x1, y1, x2, y2), faint.Rgb, 1);
        double scale = classes <= 10 ? 0.52 : 0.36;
        if (count > 0)
            PlotText.Draw(canvas, asShare ? (100.0 * count / rowTotal).ToString("0.0", CultureInfo.InvariantCulture) : count.ToString(CultureInfo.InvariantCulture), new Point((x1 + x2) / 2, (y1 + y2) / 2 + (int)(10 * scale) * Fine), scale, colour.TextColour, horizontal: 0.5, room: x2 - x1);
    }

    private static void Names(Mat canvas, string name, int index, int classes)
    {
        int middle = (2 * index + 1) * Side / (2 * classes);
        double scale = classes <= 25 ? 0.48 : 0.32;
        PlotText.Draw(canvas, name, At(Left - 8, Top + middle + 5), scale, ink, horizontal: 1, room: (Left - 36) * Fine);
        PlotText.DrawSideways(canvas, name, At(Left + middle - 7, Top + Side + 8), scale, ink, vertical: 0, room: (Height - Top - Side - 40) * Fine);
    }

    private static int Border(int start, int index, int classes) => (int)Math.Round(Fine * (start + (double)Side * index / classes));

    private static Point At(int x, int y) => new(Fine * x, Fine * y);
}
