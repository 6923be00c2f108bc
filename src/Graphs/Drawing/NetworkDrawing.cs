namespace Vision.Graphs;

/// <summary>Draws a network from its input at the top to its output at the bottom; of several parts, one below the other.</summary>
internal static class NetworkDrawing
{
    private const double Margin = 36, Header = 78, Footer = 82, PartGap = 44, LeastWidth = 560, NoteHeight = 15;

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

    /// <summary>Draws a network.</summary>
    /// <param name="summary">Its figures.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="title">The title.</param>
    /// <returns>SVG.</returns>
    public static string Of(NetworkSummary summary, IReadOnlyList<SummaryPart> parts, string title)
    {
        SvgCanvas canvas = new();
        DrawnBlock[][] boxes = [.. parts.Select(part => DrawnBlock.Of(part.Blocks).ToArray())];
        long largest = Math.Max(1, boxes.Max(own => own.Max(box => box.MultiplyAdds)));
        double left = double.PositiveInfinity, right = double.NegativeInfinity, end = -PartGap;
        foreach (var (part, own) in parts.Zip(boxes))
        {
            PartDrawing drawn = new(canvas, summary, own, largest, end + PartGap);
            drawn.Draw(part);
            (left, right, end) = (Math.Min(left, drawn.Left), Math.Max(right, drawn.Right), drawn.End);
        }
        double width = Math.Max(LeastWidth, right - left + 2 * Margin), x = (left + right - width) / 2;
        canvas.Text(x + Margin, Margin - Header, title, "title");
        canvas.Text(x + Margin, Margin - Header + 21,
            $"{Quantity.Of(summary.Parameters)} parameters ({Quantity.Bytes(summary.ParameterBytes)})  ·  " +
            $"{Quantity.Of(summary.MultiplyAdds)} multiply-adds  ·  {Quantity.Bytes(summary.ActivationBytes)} of activations", "facts");
        for (int i = 0; i < notes.Length; i++) canvas.Text(x + Margin, end + Margin + NoteHeight * i, notes[i], "note");
        return canvas.Image((x, -Header, width, end + Footer + Header), title, StyleSheet);
    }
}
