namespace Vision.Backbones;

/// <summary>The parameters of a RegNet: block widths grow linearly and are rounded to a few values
/// (Radosavovic et al. 2020, arXiv:2003.13678, section 3.3).</summary>
internal sealed record RegNetLayout
{
    private const int WidthQuantum = 8;

    /// <summary>Number of blocks of the whole network.</summary>
    public required int Depth { get; init; }

    /// <summary>Width of the first block, w₀.</summary>
    public required int InitialWidth { get; init; }

    /// <summary>The increase in width per block before rounding, w_a.</summary>
    public required double Slope { get; init; }

    /// <summary>The factor between the widths of stages, w_m.</summary>
    public required double Step { get; init; }

    /// <summary>Channels of a group of the 3×3 convolutions.</summary>
    public required int GroupWidth { get; init; }

    /// <summary>Whether the blocks have squeeze-and-excitation: RegNetY.</summary>
    public bool Squeezes { get; init; }

    /// <summary>Width, depth and group width of each stage, finest first.</summary>
    public IReadOnlyList<(int Width, int Depth, int GroupWidth)> Stages()
    {
        var widths =
            from block in Enumerable.Range(0, Depth)
            let power = Math.Round(Math.Log((InitialWidth + Slope * block) / InitialWidth) / Math.Log(Step))
            select (int)Math.Round(InitialWidth * Math.Pow(Step, power) / WidthQuantum) * WidthQuantum;
        return
        [
            .. from width in widths
               group width by width into stage
               let groupWidth = Math.Min(GroupWidth, stage.Key)
               select (Widths.Divisible(stage.Key, groupWidth), stage.Count(), groupWidth),
        ];
    }
}
