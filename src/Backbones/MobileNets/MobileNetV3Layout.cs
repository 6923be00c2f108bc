namespace Vision.Backbones;

/// <summary>The parameters of a MobileNetV3 (Howard et al. 2019, arXiv:1905.02244, tables 1 and 2).</summary>
internal sealed record MobileNetV3Layout
{
    /// <summary>The blocks: side of the kernel, inner channels, output channels, whether the block has
    /// squeeze-and-excitation, whether it uses hard swish (otherwise ReLU), stride.</summary>
    public required IReadOnlyList<(int Kernel, int Expanded, int Channels, bool Squeezes, bool Hardswish, int Stride)> Blocks { get; init; }

    /// <summary>Width of the classifier's hidden layer.</summary>
    public required int HiddenWidth { get; init; }

    /// <summary>The large one.</summary>
    public static MobileNetV3Layout Large { get; } = new()
    {
        Blocks =
        [
            (3, 16, 16, false, false, 1),
            (3, 64, 24, false, false, 2), (3, 72, 24, false, false, 1),
            (5, 72, 40, true, false, 2), (5, 120, 40, true, false, 1), (5, 120, 40, true, false, 1),
            (3, 240, 80, false, true, 2), (3, 200, 80, false, true, 1), (3, 184, 80, false, true, 1), (3, 184, 80, false, true, 1),
            (3, 480, 112, true, true, 1), (3, 672, 112, true, true, 1),
            (5, 672, 160, true, true, 2), (5, 960, 160, true, true, 1), (5, 960, 160, true, true, 1),
        ],
        HiddenWidth = 1280,
    };

    /// <summary>The small one.</summary>
    public static MobileNetV3Layout Small { get; } = new()
    {
        Blocks =
        [
            (3, 16, 16, true, false, 2),
            (3, 72, 24, false, false, 2), (3, 88, 24, false, false, 1),
            (5, 96, 40, true, true, 2), (5, 240, 40, true, true, 1), (5, 240, 40, true, true, 1),
            (5, 120, 48, true, true, 1), (5, 144, 48, true, true, 1),
            (5, 288, 96, true, true, 2), (5, 576, 96, true, true, 1), (5, 576, 96, true, true, 1),
        ],
        HiddenWidth = 1024,
    };

    /// <summary>The variant with <see cref="BackboneOptions.ReducedTail"/>: all three blocks of the last stage have half the output
    /// channels, and the two after the first have half the inner channels.</summary>
    public MobileNetV3Layout Reduced()
    {
        const int Last = 3;
        int first = Blocks.Count - Last;
        return this with
        {
            Blocks = [.. Blocks.Select((block, i) => i < first ? block : block with
            {
                Channels = block.Channels / 2,
                Expanded = i == first ? block.Expanded : block.Expanded / 2,
            })],
            HiddenWidth = HiddenWidth / 2,
        };
    }
}
