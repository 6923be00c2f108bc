using TorchSharp.Modules;
using Vision.Backbones;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// SSD's feature maps from any backbone: its last stages and as many extra blocks as the paper's map sizes
/// need. SSD uses three stages (sides 38, 19 and 10 for 300 pixels) and adds maps of sides 5, 3 and 1;
/// SSDlite uses two (20 and 10 for 320 pixels) and adds maps of sides 5, 3, 2 and 1.
/// </summary>
internal sealed class SsdStages : SsdFeatures
{
    private static readonly int[] liteWidths = [512, 256, 256, 128];

    private readonly Backbone body;
    private readonly ModuleList<Sequential> extra;
    private readonly int[] stages;

    /// <summary>Adds extra blocks with randomly initialized weights to a backbone.</summary>
    /// <param name="body">Built without classes; ownership passes to this object.</param>
    /// <param name="liteNorm">Creates the normalization layers of SSDlite; null for SSD.</param>
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
