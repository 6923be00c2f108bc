using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// SSD's maps of any backbone: its last stages and extra blocks, so many that the maps have the paper's
/// sizes. SSD takes three stages (38, 19 and 10 steps of 300 pixels) and has blocks down to 5, 3 and 1;
/// SSDlite takes two (20 and 10 of 320) and has blocks down to 5, 3, 2 and 1.
/// </summary>
internal sealed class SsdStages : SsdFeatures
{
    private static readonly int[] liteWidths = [512, 256, 256, 128];

    private readonly Backbone body;
    private readonly ModuleList<Sequential> extra;
    private readonly int[] stages;

    /// <summary>Puts extra blocks with freshly drawn weights on a backbone.</summary>
    /// <param name="body">Built without classes. Owned from now on.</param>
    /// <param name="liteNorm">Makes the normalizations of SSDlite; null for SSD.</param>
    public SsdStages(Backbone body, Func<int, nn.Module<Tensor, Tensor>>? liteNorm = null) : base(nameof(SsdStages))
    {
        this.body = body;
        stages = liteNorm is null ? [-3, -2, -1] : [-2, -1];
        int last = body.Stages[^1].Channels;
        extra = liteNorm is null
            ? new ModuleList<Sequential>(Extra(last, 256, 2), Extra(256, 256, 1), Extra(256, 256, 1))
            : SsdLite.Extras(last, liteWidths, liteNorm);
        Channels = [.. stages.Select(stage => body.Stages[body.Stages.Count + stage].Channels),
            .. liteNorm is null ? [256, 256, 256] : liteWidths];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Backbone Body => body;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Channels { get; }

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = Extend(body.forward_features(images, stages), extra);
        foreach (Tensor map in maps) map.MoveToOuterDisposeScope();
        return maps;
    }
}
