namespace Vision.Graphs;

/// <summary>Draws a network from its input at the top to its output at the bottom.</summary>
internal sealed class NetworkDrawing
{
    private const double Margin = 36, Header = 78, Footer = 82, EndHeight = 26, EndWidth = 200, EndGap = 34;
    private const double Padding = 14, FootLine = 14, ShareHeight = 3, ShareBottom = 8;
    private const double Fork = 10, Joint = 12, JointRadius = 7, Loop = 17;
    private const double BelowRow = 14, AboveBox = 13, LaneGap = 14, LaneMargin = 24;
    private const double TitleLetter = 7.2, NameLetter = 6.4;              // widths, on average
    private const double LeastWidth = 560, NoteHeight = 15;

    private static readonly string[] notes =
    [
        "In each box: the shape of its result (channels×height×width), its parameters, its multiply-adds.",
        "The bar compares its multiply-adds with those of the largest. k = 10³, M = 10⁶, G = 10⁹.",
        "×n: n such blocks in a row, together. Green: shortcuts; dashed if a layer projects them.",
    ];

    private const string StyleSheet = """

        text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;fill:#1f2933}
        .paper{fill:#fff}.title{font-size:22px;font-weight:700}.facts{font-size:13px;fill:#52606d}
        .box{stroke-width:1.2}.module{fill:#edf3fc;stroke:#3f6fb5}.conv{fill:#ebf7f0;stroke:#3c8a61}.linear{fill:#f5eefb;stroke:#8253a8}
        .plain{fill:#fdf6e7;stroke:#bf8f36}.merge{fill:#f4f5f7;stroke:#7b8794}
        .name{font-family:Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:10.5px;fill:#7b8794;text-anchor:end}
        .kind{font-size:13px;font-weight:700}.times{font-size:13px;font-weight:700;fill:#c2410c}
        .detail{font-size:11px;fill:#3e4c59}.shape{font-size:11.5px;font-weight:700}.stat{font-size:11.5px;text-anchor:end;fill:#3e4c59}
        .middle{text-anchor:middle}.track{fill:#1f2933;fill-opacity:.07}.share{fill:#c2410c;fill-opacity:.75}
        .panel{fill:#f8f9fb;stroke:#cbd2d9;stroke-dasharray:5 4}.panelname{font-family:Menlo,Consolas,"DejaVu Sans Mono",monospace;
        font-size:12px;font-weight:700;fill:#52606d}.panelfacts{font-size:11.5px;fill:#7b8794;text-anchor:end}
        .panelname,.panelfacts{paint-order:stroke;stroke:#f8f9fb;stroke-width:5px;stroke-linejoin:round}
        .edge,.skip,.projection{fill:none;stroke-width:1.4;stroke:#52606d}.skip{stroke:#0f766e}
        .projection{stroke:#0f766e;stroke-dasharray:4 3}
        .tip{fill:#52606d}.joint{fill:#fff;stroke:#0f766e;stroke-width:1.3}.sign{font-size:13px;font-weight:700;fill:#0f766e;
        text-anchor:middle}.end{fill:#323f4b}.endtext{font-size:12px;font-weight:700;fill:#fff;text-anchor:middle}
        .note{font-size:11px;fill:#7b8794}

        """;

    private readonly NetworkSummary summary;
    private readonly SvgCanvas canvas = new();
    private readonly IReadOnlyList<DrawnBlock> boxes;
    private readonly DrawingLayout layout;
    private readonly List<DrawingPanel> panels = [];
    private readonly List<(int First, int Last, int Lane)> lanes = [];
    private readonly double left, top, right, bottom;
    private readonly long largest;                                         // multiply-adds of a box

    private NetworkDrawing(NetworkSummary summary, IReadOnlyList<NetworkBlock> blocks)
    {
        this.summary = summary;
        boxes = DrawnBlock.Of(blocks);
        layout = new(boxes, () =>
        {
            panels.AddRange(DrawingPanel.Of(boxes));
            return panels.Select(panel => (panel.First, panel.Last));
        });
        largest = Math.Max(1, boxes.Max(MultiplyAdds));
        left = panels.Select(panel => panel.Left).Append(boxes.Min(box => box.X - box.Width / 2 - Loop)).Min();
        top = panels.Select(panel => panel.Top).Append(boxes.Min(box => box.Y)).Min();
        right = panels.Select(panel => panel.Right).Append(boxes.Max(box => box.X + box.Width / 2)).Max();
        bottom = panels.Select(panel => panel.Bottom).Append(boxes.Max(box => box.Bottom)).Max();
    }

    /// <summary>Draws a network.</summary>
    /// <param name="summary">Its figures.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="title">The title.</param>
    /// <returns>SVG.</returns>
    public static string Of(NetworkSummary summary, IReadOnlyList<NetworkBlock> blocks, string title)
    {
        NetworkDrawing drawing = new(summary, blocks);
        return drawing.Draw(title);
    }

    private string Draw(string title)
    {
        foreach (DrawingPanel panel in panels)
            canvas.Box(panel.Left, panel.Top, panel.Right - panel.Left, panel.Bottom - panel.Top, 10, "panel");
        foreach (DrawnBlock box in boxes) DrawEdges(box);
        foreach (DrawingPanel panel in panels) DrawHead(panel);
        foreach (DrawnBlock box in boxes) Draw(box);
        DrawEnd(0, top - EndGap - EndHeight, $"input {Shape(summary.InputShape)}");
        DrawnBlock[] last = [.. boxes.Where(box => !boxes.Any(other => other.Sources.Contains(box)))];
        double under = last.Average(box => box.X), turn = bottom + EndGap - AboveBox;
        foreach (DrawnBlock box in last)
            canvas.Line([(box.X, box.Bottom), (box.X, turn), (under, turn), (under, bottom + EndGap)], "edge", true);
        DrawEnd(under, bottom + EndGap, $"output {Shape(summary.OutputShape)}");

        double farRight = lanes.Count == 0 ? right : LaneAt(lanes.Max(lane => lane.Lane));
        double width = Math.Max(LeastWidth, farRight - left + 2 * Margin);
        double x = (left + farRight - width) / 2, y = top - EndGap - EndHeight - Header;
        canvas.Text(x + Margin, y + Margin, title, "title");
        canvas.Text(x + Margin, y + Margin + 21,
            $"{Quantity.Of(summary.Parameters)} parameters ({Quantity.Bytes(summary.ParameterBytes)})  ·  " +
            $"{Quantity.Of(summary.MultiplyAdds)} multiply-adds  ·  {Quantity.Bytes(summary.ActivationBytes)} of activations", "facts");
        double end = bottom + EndGap + EndHeight;
        for (int i = 0; i < notes.Length; i++) canvas.Text(x + Margin, end + Margin + NoteHeight * i, notes[i], "note");
        return canvas.Image((x, y, width, end + Footer - y), title, StyleSheet);
    }

    private void DrawHead(DrawingPanel panel)
    {
        canvas.Text(panel.Left + Padding, panel.Top + 19, panel.Path, "panelname");
        canvas.Text(panel.Right - Padding, panel.Top + 19,
            $"{Quantity.Of(summary.ParametersOf(panel.Boxes.SelectMany(box => box.Blocks)))} · " +
            Quantity.Of(panel.Boxes.Sum(MultiplyAdds)), "panelfacts");
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
        canvas.Text(end, box.Bottom - FootLine, Quantity.Of(MultiplyAdds(box)), "stat");
        canvas.Box(x, box.Bottom - ShareBottom, end - x, ShareHeight, 1.5, "track");
        canvas.Box(x, box.Bottom - ShareBottom, (end - x) * MultiplyAdds(box) / largest, ShareHeight, 1.5, "share");
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
            double from = source?.Bottom ?? top - EndGap;
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

    private double LaneAt(int lane) => right + LaneMargin + LaneGap * lane;

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
        int letters = (int)((box.Width - 3 * Padding - box.First.Title.Length * TitleLetter) / NameLetter);
        return name.Length <= letters ? name : $"…{name[^Math.Max(0, letters - 1)..]}";
    }

    private static long MultiplyAdds(DrawnBlock box) => box.Blocks.Sum(block => block.MultiplyAdds);

    private static string Shape(IReadOnlyList<long> shape) => string.Join(" × ", shape);
}
