namespace Vision.Graphs;

/// <summary>Places the boxes of a drawing: each in a row below those that it depends on, branches side by side.</summary>
internal sealed class DrawingLayout
{
    /// <summary>The width of boxes that are side by side.</summary>
    public const double NarrowBox = 222;

    private const double WideBox = 344, Between = 26;
    private const double RowGap = 40, PanelHead = 30, PanelFoot = 10;

    // A branch that could be so many rows further down is shown next to where it ends.
    private const int LooseRows = 3;

    /// <summary>Places the boxes.</summary>
    /// <param name="boxes">The boxes, each after its sources.</param>
    /// <param name="panelsOf">The panels among the boxes in their rows, as first and last row.</param>
    public DrawingLayout(IReadOnlyList<DrawnBlock> boxes, Func<IEnumerable<(int First, int Last)>> panelsOf)
    {
        Boxes = boxes;
        SetRows();
        Rows = [.. boxes.GroupBy(box => box.Row).OrderBy(row => row.Key).Select(row => row.ToArray())];
        foreach (DrawnBlock[] row in Rows) SetColumns(row);
        (int First, int Last)[] panels = [.. panelsOf()];
        double y = 0;
        for (int i = 0; i < Rows.Length; i++)
        {
            y += PanelHead * panels.Count(panel => panel.First == i) + PanelFoot * panels.Count(panel => panel.Last == i - 1);
            foreach (DrawnBlock box in Rows[i]) box.Y = y;
            y += Rows[i].Max(box => box.Height) + RowGap;
        }
    }

    /// <summary>The boxes, in order.</summary>
    public IReadOnlyList<DrawnBlock> Boxes { get; }

    /// <summary>The boxes of each row, from left to right.</summary>
    public DrawnBlock[][] Rows { get; }

    /// <summary>Whether a vertical line crosses a box between two rows.</summary>
    public bool IsBlocked(double x, int above, int below) => Rows[(above + 1)..below].SelectMany(row => row)
        .Any(box => Math.Abs(box.X - x) < box.Width / 2 + Between / 2);

    private void SetRows()
    {
        foreach (DrawnBlock box in Boxes) box.Row = box.Sources.Max(source => source is null ? 0 : source.Row + 1);
        foreach (DrawnBlock box in Boxes.Reverse())
        {
            DrawnBlock[] users = [.. Boxes.Where(other => other.Sources.Contains(box))];
            if (users.Length > 0 && users.Min(user => user.Row) - 1 is var latest && latest - box.Row > LooseRows) box.Row = latest;
        }
        // No row is empty.
        int[] rows = [.. Boxes.Select(box => box.Row).Distinct().Order()];
        foreach (DrawnBlock box in Boxes) box.Row = Array.IndexOf(rows, box.Row);
    }

    private static void SetColumns(DrawnBlock[] row)
    {
        foreach (DrawnBlock box in row)
        {
            box.Width = row.Length == 1 && box.Sources.All(source => source is null || source.X == 0) ? WideBox : NarrowBox;
            box.X = box.Sources.OfType<DrawnBlock>().Select(source => source.X).DefaultIfEmpty().Average();
        }
        // What follows the row above stays below it; what comes from further up goes to its right.
        DrawnBlock[] near = [.. row.Where(box => FollowsRowAbove(box)).OrderBy(box => box.X)];
        DrawnBlock[] far = [.. row.Except(near).OrderBy(box => box.X)];
        double wanted = near.Select(box => box.X).DefaultIfEmpty().Average();
        Spread(near, near.Length > 0 ? near[0].X : 0);
        double shift = near.Select(box => box.X).DefaultIfEmpty().Average() - wanted;
        foreach (DrawnBlock box in near) box.X -= shift;
        Spread(far, near.Length > 0 ? near[^1].X + NarrowBox + Between : 0);
        static bool FollowsRowAbove(DrawnBlock box) => box.Sources.Any(source => (source?.Row ?? -1) == box.Row - 1);
        Array.Sort(row, (first, second) => first.X.CompareTo(second.X));
    }

    private static void Spread(DrawnBlock[] boxes, double left)
    {
        foreach (DrawnBlock box in boxes)
        {
            box.X = Math.Max(box.X, left);
            left = box.X + NarrowBox + Between;
        }
    }
}
