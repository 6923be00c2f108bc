namespace Vision.Graphs;

/// <summary>Draws a part of a network, from its input at the top to its outputs at the bottom.</summary>
internal sealed class PartDrawing
{
    private const double EndHeight = 26, EndWidth = 200, EndGap = 34;
    private const double Padding = 14, FootLine = 14, ShareHeight = 3, ShareBottom = 8;
    private const double Fork = 10, Joint = 12, JointRadius = 7, Loop = 17;
    private const double BelowRow = 14, AboveBox = 13, LaneGap = 14, LaneMargin = 24;
    private const double TitleLetter = 7.2, NameLetter = 6.4;              // widths, on average

    private readonly SvgCanvas canvas;
    private readonly NetworkSummary summary;
    private readonly IReadOnlyList<DrawnBlock> boxes;
    private readonly DrawingLayout layout;
    private readonly List<DrawingPanel> panels = [];
    private readonly List<(int First, int Last, int Lane)> lanes = [];
    private readonly double start, side, bottom;                           // side: where the panels end, and the lanes begin
    private readonly long largest;                                         // multiply-adds of a box

    /// <summary>Places the boxes.</summary>
    /// <param name="canvas">What it draws on.</param>
    /// <param name="summary">The network's figures.</param>
    /// <param name="boxes">The part's boxes.</param>
    /// <param name="largest">The most multiply-adds that a box of the network has.</param>
    /// <param name="start">Where its top is.</param>
    public PartDrawing(SvgCanvas canvas, NetworkSummary summary, IReadOnlyList<DrawnBlock> boxes, long largest, double start)
    {
        (this.canvas, this.summary, this.boxes, this.largest, this.start) = (canvas, summary, boxes, largest, start);
        layout = new(boxes, () =>
        {
            panels.AddRange(DrawingPanel.Of(boxes));
            return panels.Select(panel => (panel.First, panel.Last));
        });
        double top = panels.Select(panel => panel.Top).Append(boxes.Min(box => box.Y)).Min();
        foreach (DrawnBlock box in boxes) box.Y += start + EndHeight + EndGap - top;
        Left = panels.Select(panel => panel.Left).Append(boxes.Min(box => box.X - box.Width / 2 - Loop)).Min();
        side = panels.Select(panel => panel.Right).Append(boxes.Max(box => box.X + box.Width / 2)).Max();
        bottom = panels.Select(panel => panel.Bottom).Append(boxes.Max(box => box.Bottom)).Max();
    }

    /// <summary>Where its left side is.</summary>
    public double Left { get; }

    /// <summary>Where its right side is, once it is drawn.</summary>
    public double Right => lanes.Count == 0 ? side : LaneAt(lanes.Max(lane => lane.Lane));

    /// <summary>Where it ends.</summary>
    public double End => bottom + EndGap + EndHeight;

    /// <summary>Draws it.</summary>
    public void Draw(SummaryPart part)
    {
        foreach (DrawingPanel panel in panels)
            canvas.Box(panel.Left, panel.Top, panel.Right - panel.Left, panel.Bottom - panel.Top, 10, "panel");
        foreach (DrawnBlock box in boxes) DrawEdges(box);
        foreach (DrawingPanel panel in panels) DrawHead(panel);
        foreach (DrawnBlock box in boxes) Draw(box);
        DrawEnd(0, start, $"input {Shape(part.InputShape)}");
        DrawnBlock[] last = [.. boxes.Where(box => !boxes.Any(other => other.Sources.Contains(box)))];
        double under = last.Average(box => box.X), turn = bottom + EndGap - AboveBox;
        foreach (DrawnBlock box in last)
            canvas.Line([(box.X, box.Bottom), (box.X, turn), (under, turn), (under, bottom + EndGap)], "edge", true);
        DrawEnd(under, bottom + EndGap, Outputs(part.OutputShapes));
    }

    private void DrawHead(DrawingPanel panel)
    {
        canvas.Text(panel.Left + Padding, panel.Top + 19, panel.Path, "panelname");
        canvas.Text(panel.Right - Padding, panel.Top + 19,
            $"{Quantity.Of(summary.ParametersOf(panel.Boxes.SelectMany(box => box.Blocks)))} · " +
            Quantity.Of(panel.Boxes.Sum(box => box.MultiplyAdds)), "panelfacts");
    }

    private void Draw(DrawnBlock box)
    {
        NetworkBlock block = box.First;
        double x = box.X - box.Width / 2 + Padding, end = box.X + box.Width / 2 - Padding;
        canvas.Box(box.X - box.Width / 2, box.Y, box.Width, box.Height, box.IsLow ? 14 : 6, $"box {box.Style}");
        string shape = string.Join('×', box.Blocks[^1].OutputShape.Skip(1));
        if (box.IsLow)
        {
            canvas.Text(x, box.Y + 19.5, block.Title, "kind");
            canvas.Text(end, box.Y + 19.5, shape, "stat");
            return;
        }
        canvas.Text(x, box.Y + 19, block.Title, "kind", box.Blocks.Count > 1 ? $"  ×{box.Blocks.Count}" : "", "times");
        canvas.Text(end, box.Y + 19, NameIn(box), "name");
        for (int i = 0; i < box.Lines.Count; i++) canvas.Text(x, box.Y + 35 + 14 * i, box.Lines[i], "detail");
        canvas.Text(x, box.Bottom - FootLine, shape, "shape");
        bool isWide = box.Width > DrawingLayout.NarrowBox;
        canvas.Text(x + (end - x) * 0.66, box.Bottom - FootLine,
            Quantity.Of(summary.ParametersOf(box.Blocks)) + (isWide ? " parameters" : ""), "stat");
        canvas.Text(end, box.Bottom - FootLine, Quantity.Of(box.MultiplyAdds), "stat");
        canvas.Box(x, box.Bottom - ShareBottom, end - x, ShareHeight, 1.5, "track");
        canvas.Box(x, box.Bottom - ShareBottom, (end - x) * box.MultiplyAdds / largest, ShareHeight, 1.5, "share");
        DrawShortcut(box);
    }

    private void DrawShortcut(DrawnBlock box)
    {
        if (box.First.Shortcut == Shortcut.None) return;
        double aside = box.X - box.Width / 2 - Loop, joint = box.Bottom + Joint;
        canvas.Line([(box.X, box.Y - Fork), (aside, box.Y - Fork), (aside, joint), (box.X - JointRadius, joint)],
            box.First.Shortcut == Shortcut.Projection ? "projection" : "skip", true);
        canvas.Circle(box.X, joint, JointRadius, "joint");
        canvas.Text(box.X, joint + 4.3, box.First.Shortcut == Shortcut.Concatenation ? "∥" : "+", "sign");
    }

    private void DrawEdges(DrawnBlock box)
    {
        foreach (DrawnBlock? source in box.Sources)
        {
            int row = source?.Row ?? -1;
            double x = source?.X ?? 0;
            double from = source?.Bottom ?? start + EndHeight;
            double below = BelowRow + (row < 0 ? from : panels.Where(panel => panel.Last == row)
                .Select(panel => panel.Bottom - BelowRow / 2).Concat(layout.Rows[row].Select(other => other.Foot)).Max());
            double above = box.Y - AboveBox;
            if (!layout.IsBlocked(x, row, box.Row))
            {
                // Several branches part below their source, and meet above their end.
                double turn = box.Row == row + 1 && box.Sources.Count == 1 ? below : above;
                canvas.Line([(x, from), (x, turn), (box.X, turn), (box.X, box.Y)], "edge", true);
            }
            else if (!layout.IsBlocked(box.X, row, box.Row))
            {
                canvas.Line([(x, from), (x, below), (box.X, below), (box.X, box.Y)], "skip", true);
            }
            else
            {
                double lane = LaneAt(NewLane(row, box.Row));
                canvas.Line([(x, from), (x, below), (lane, below), (lane, above), (box.X, above), (box.X, box.Y)], "skip", true);
            }
        }
    }

    /// <summary>The innermost lane that is free between two rows.</summary>
    private int NewLane(int first, int last)
    {
        int lane = 0;
        while (lanes.Any(other => other.Lane == lane && other.First < last && first < other.Last)) lane++;
        lanes.Add((first, last, lane));
        return lane;
    }

    private double LaneAt(int lane) => side + LaneMargin + LaneGap * lane;

    private void DrawEnd(double x, double y, string text)
    {
        canvas.Box(x - EndWidth / 2, y, EndWidth, EndHeight, EndHeight / 2, "end");
        canvas.Text(x, y + 17.5, text, "endtext");
    }

    /// <summary>A box's name within the innermost panel around it.</summary>
    private string NameIn(DrawnBlock box)
    {
        string path = panels.FindLast(panel => panel.Boxes.Contains(box))?.Path ?? "";
        string name = path.Length == 0 ? box.First.Path : box.First.Path[path.Length..].TrimStart('.');
        if (box.Blocks.Count > 1) name += $"–{box.Blocks[^1].Path[(box.Blocks[^1].Path.LastIndexOf('.') + 1)..]}";
        int titleLetters = box.First.Title.Length + (box.Blocks.Count > 1 ? $"  ×{box.Blocks.Count}".Length : 0);
        int letters = (int)((box.Width - 3 * Padding - titleLetters * TitleLetter) / NameLetter);
        return name.Length <= letters ? name : $"…{name[^Math.Max(0, letters - 1)..]}";
    }

    private static string Shape(IReadOnlyList<long> shape) => string.Join(" × ", shape);

    // Results without a name of their own: two can be told apart by their shapes, and more have no place.
    private static string Outputs(IReadOnlyList<IReadOnlyList<long>> shapes) => shapes switch
    {
        [var only] => $"output {Shape(only)}",
        [var first, var second] => $"{string.Join('×', first)} and {string.Join('×', second)}",
        _ => $"{shapes.Count} outputs",
    };
}
