namespace Vision.Graphs;

/// <summary>The frame around the boxes of a module, such as a stage.</summary>
/// <param name="Path">The module.</param>
/// <param name="Boxes">Its boxes.</param>
/// <param name="Inside">How many panels are nested in it.</param>
internal sealed record DrawingPanel(string Path, IReadOnlyList<DrawnBlock> Boxes, int Inside)
{
    private const double Margin = 34, MarginOfNested = 16, Head = 40, HeadOfNested = 24, Foot = 16, FootOfNested = 10;

    /// <summary>Its first row.</summary>
    public int First => Boxes.Min(box => box.Row);

    /// <summary>Its last row.</summary>
    public int Last => Boxes.Max(box => box.Row);

    /// <summary>Where its left side is.</summary>
    public double Left => Boxes.Min(box => box.X - box.Width / 2) - Margin - MarginOfNested * Inside;

    /// <summary>Where its right side is.</summary>
    public double Right => Boxes.Max(box => box.X + box.Width / 2) + Margin + MarginOfNested * Inside;

    /// <summary>Where its top is.</summary>
    public double Top => Boxes.Min(box => box.Y) - Head - HeadOfNested * Inside;

    /// <summary>Where its bottom is.</summary>
    public double Bottom => Boxes.Max(box => box.Foot) + Foot + FootOfNested * Inside;

    /// <summary>The panels of a network: of each module with several blocks, if nothing else stands between them.</summary>
    public static List<DrawingPanel> Of(IReadOnlyList<DrawnBlock> boxes)
    {
        List<DrawingPanel> panels = [];
        foreach (string path in boxes.SelectMany(box => ModulePath.Upward(box.First.Container)).Where(path => path.Length > 0).Distinct()
            .OrderByDescending(ModulePath.Depth))
        {
            DrawnBlock[] inside = [.. boxes.Where(box => ModulePath.IsWithin(box.First.Container, path))];
            if (inside.Sum(box => box.Blocks.Count) < 2) continue;
            int first = inside.Min(box => box.Row), last = inside.Max(box => box.Row);
            DrawingPanel[] nested = [.. panels.Where(panel => panel.Boxes.All(inside.Contains))];
            if (nested.Any(panel => panel.Boxes.Count == inside.Length)) continue;
            if (boxes.Any(box => box.Row >= first && box.Row <= last && !inside.Contains(box))) continue;
            panels.Add(new(path, inside, nested.Length > 0 ? nested.Max(panel => panel.Inside) + 1 : 0));
        }
        panels.Reverse();
        return panels;
    }
}
