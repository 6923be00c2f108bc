namespace Vision.Graphs;

/// <summary>A box in the drawing of a network: a block, or equal ones in a row.</summary>
internal sealed class DrawnBlock
{
    private const double TitleHeight = 24, LineHeight = 14, FootHeight = 27, LowHeight = 30;
    private const double LetterWidth = 5.6;                                // of the details, on average

    private readonly IReadOnlyList<NetworkBlock> blocks;

    private DrawnBlock(IReadOnlyList<NetworkBlock> blocks) => this.blocks = blocks;

    /// <summary>The first of its blocks.</summary>
    public NetworkBlock First => blocks[0];

    /// <summary>Its blocks.</summary>
    public IReadOnlyList<NetworkBlock> Blocks => blocks;

    /// <summary>The boxes whose results it uses; null is the network's input.</summary>
    public List<DrawnBlock?> Sources { get; } = [];

    /// <summary>Its row, from the top.</summary>
    public int Row { get; set; }

    /// <summary>Where its middle is.</summary>
    public double X { get; set; }

    /// <summary>Where its top is.</summary>
    public double Y { get; set; }

    /// <summary>Its width.</summary>
    public double Width { get; set; }

    /// <summary>Where its bottom is.</summary>
    public double Bottom => Y + Height;

    /// <summary>Where its bottom is, with the end of its shortcut.</summary>
    public double Foot => Bottom + (First.Shortcut == Shortcut.None ? 0 : 8);

    /// <summary>Its height, given its width.</summary>
    public double Height => IsLow ? LowHeight : TitleHeight + Lines.Count * LineHeight + FootHeight;

    /// <summary>Multiply-adds of its blocks.</summary>
    public long MultiplyAdds => blocks.Sum(block => block.MultiplyAdds);

    /// <summary>Whether it has a single line of text: it has no weights, and is one step.</summary>
    public bool IsLow => First.Details.Length == 0 && !First.Parameters.Any();

    /// <summary>Its class in the style sheet.</summary>
    public string Style => First.HasLayers ? "module"
        : First.Steps.Any(step => OperatorCost.WeightOf(step.Node) is not null) ? "conv"
        : First.MultiplyAdds > 0 ? "linear" : First.Steps[0].IsMerge ? "merge" : "plain";

    /// <summary>What is in it, in lines that fit its width.</summary>
    public List<string> Lines
    {
        get
        {
            List<string> lines = [];
            foreach (string part in First.Details.Replace(" → ", " →\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (lines.Count > 0 && (lines[^1].Length + 1 + part.Length) * LetterWidth < Width - 24) lines[^1] += $" {part}";
                else lines.Add(part);
            }
            return lines;
        }
    }

    /// <summary>The boxes of a network: equal blocks in a row become one, as do those that append to their input.</summary>
    public static List<DrawnBlock> Of(IReadOnlyList<NetworkBlock> network)
    {
        Dictionary<NetworkBlock, int> uses = [];
        foreach (NetworkBlock source in network.SelectMany(block => block.Sources).OfType<NetworkBlock>())
            uses[source] = uses.GetValueOrDefault(source) + 1;
        Dictionary<NetworkBlock, DrawnBlock> drawn = [];
        List<List<NetworkBlock>> runs = [];
        foreach (NetworkBlock block in network)
        {
            List<NetworkBlock>? run = block.Sources is [{ } source] && uses[source] == 1 && AreEqual(source, block)
                ? runs.Find(run => run[^1] == source) : null;
            if (run is null) runs.Add([block]);
            else run.Add(block);
        }
        List<DrawnBlock> boxes = [.. runs.Select(run => new DrawnBlock(run))];
        foreach (DrawnBlock box in boxes)
            foreach (NetworkBlock block in box.Blocks) drawn[block] = box;
        foreach (DrawnBlock box in boxes)
            box.Sources.AddRange(box.First.Sources.Select(source => source is null ? null : drawn[source]).Distinct());
        return boxes;
    }

    private static bool AreEqual(NetworkBlock first, NetworkBlock second) =>
        first.IsModule && second.IsModule && first.Container == second.Container && first.Title == second.Title
        && first.Details == second.Details && first.Shortcut == second.Shortcut
        && (first.Shortcut == Shortcut.Concatenation
            || (first.OutputShape.SequenceEqual(second.OutputShape) && first.MultiplyAdds == second.MultiplyAdds));
}
