using Vision.Data;
using Vision.Visualization;

namespace Vision.Cli.DataTools;

/// <summary>The colours of a data set's classes: its own, or else the palette's.</summary>
internal sealed class ClassColours(SegmentationCheck check)
{
    private readonly IReadOnlyList<(byte Red, byte Green, byte Blue)>? own = check.Splits.Count > 0 ? check.Splits[0].Data.Colours : null;

    /// <summary>The colour of a class, from 0.</summary>
    public Colour Of(int place) => own is null ? Palette.Of(place + 1) : new(own[place].Red, own[place].Green, own[place].Blue);
}
