using System.Globalization;
using OpenCvSharp;
using ScottPlot.Colormaps;
using Vision.Data;

namespace Vision.Visualization;

/// <summary>
/// Plots a confusion matrix: a row for each true class and a column for each predicted class, darker for larger shares of the row.
/// </summary>
public static class ConfusionMatrixPlot
{
    /// <summary>With more classes, cells have no room for numbers.</summary>
    private const int NumberedClasses = 20;

    /// <summary>With more classes, rows and columns have no room for names.</summary>
    private const int NamedClasses = 120;

    private const int Top = 60, Side = 760, Right = 30, NamedRow = 15, NameRoom = 200, TitleRoom = 54;

    private static readonly Color full = new(24, 74, 148);

    /// <summary>Draws the matrix.</summary>
    /// <param name="categories">The classes.</param>
    /// <param name="counts">The number of images, or pixels, of class i predicted as class j, at [i, j].</param>
    /// <param name="asShares">Whether cells show percentages of their row instead of counts, as is useful for pixels.</param>
    /// <returns>RGB, 8 bits: 760 × 760 pixels of cells, more for many named classes, plus room for the names;
    /// the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The matrix does not have one row and column per class.</exception>
    public static Mat Render(IReadOnlyList<Category> categories, long[,] counts, bool asShares = false)
    {
        int classes = categories.Count;
        if (classes == 0 || counts.GetLength(0) != classes || counts.GetLength(1) != classes)
            throw new ArgumentException($"The matrix is {counts.GetLength(0)}×{counts.GetLength(1)}, but there are {classes} classes.",
                nameof(counts));

        int side = classes <= NamedClasses ? Math.Max(Side, NamedRow * classes) : Side;
        bool isNamed = classes <= NamedClasses;
        float cell = (float)side / classes, size = Math.Clamp(0.4f * cell, 11, 13), numberSize = Math.Clamp(0.3f * cell, 11, 18);
        float room = isNamed ? Math.Clamp(Figure.WidthOf(categories.Select(category => category.Name), size), 40, NameRoom) : 0;
        int left = (int)room + TitleRoom, bottom = left;
        using Figure figure = new(new(left + side + Right, Top + side + bottom), new Rect(left, Top, side, side));
        double[,] shares = new double[classes, classes];
        for (int i = 0; i < classes; i++)
        {
            long row = Enumerable.Range(0, classes).Sum(j => counts[i, j]);
            for (int j = 0; j < classes; j++) shares[i, j] = row == 0 ? 0 : (double)counts[i, j] / row;
        }
        var map = figure.Plot.Add.Heatmap(shares);
        map.Colormap = new CustomInterpolated([Figure.Of(Color.White), Figure.Of(full)]);
        map.ManualRange = new(0, 1);
        figure.Plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        figure.Plot.HideGrid();
        Figure.Hide(figure.Plot.Axes.Left);
        Figure.Hide(figure.Plot.Axes.Bottom);
        for (int i = 1; i < classes && isNamed; i++)
        {
            figure.Plot.Add.HorizontalLine(i - 0.5, 1, Figure.Of(Figure.Faint));
            figure.Plot.Add.VerticalLine(i - 0.5, 1, Figure.Of(Figure.Faint));
        }

        long right = Enumerable.Range(0, classes).Sum(i => counts[i, i]), total = counts.Cast<long>().Sum();
        double percent = total == 0 ? 0 : 100.0 * right / total;
        figure.Draw(string.Create(CultureInfo.InvariantCulture, $"{right} of {total} right ({percent:F1} %)"), "predicted", "true");
        for (int i = 0; i < classes && isNamed; i++)
        {
            float middle = (i + 0.5f) * cell;
            figure.Text(categories[i].Name, left - 8, Top + middle + 0.36f * size, size, share: 1, room);
            figure.Text(categories[i].Name, left + middle + 0.36f * size, Top + side + 8, size, share: 1, room, sideways: true);
            for (int j = 0; j < classes && classes <= NumberedClasses; j++)
            {
                if (counts[i, j] == 0) continue;
                float x = left + (j + 0.5f) * cell, y = Top + middle + 0.36f * numberSize;
                Color color = Color.White.Mixed(full, shares[i, j]).TextColor;
                figure.Text(Number(counts[i, j], shares[i, j], asShares), x, y, numberSize, share: 0.5f, cell, color);
            }
        }
        return figure.Picture();
    }

    /// <summary>Draws the matrix and writes it to a PNG file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Category> categories, long[,] counts, bool asShares = false)
    {
        using Mat picture = Render(categories, counts, asShares);
        ImageOutput.Write(path, picture);
    }

    private static string Number(long count, double share, bool asShare) =>
        asShare ? (100 * share).ToString("0.0", CultureInfo.InvariantCulture) : count.ToString(CultureInfo.InvariantCulture);
}
