using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A backbone and the feature pyramid on its last stages: what the detectors look at. Keys
/// are torchvision's, <c>body.*</c> and <c>fpn.*</c>.</summary>
public sealed class BackboneWithFpn : FeatureBackbone
{
    private readonly Backbone body;
    private readonly FeaturePyramid fpn;
    private readonly int[] stages;

    /// <summary>Puts a pyramid with freshly drawn weights on a backbone.</summary>
    /// <param name="body">The backbone, built without classes; its channels are read off its stages. Owned from now on.</param>
    /// <param name="options">The pyramid's; null for the defaults.</param>
    /// <exception cref="ArgumentException">The backbone has fewer stages than the pyramid is to stand on.</exception>
    public BackboneWithFpn(Backbone body, FpnOptions? options = null) : base(nameof(BackboneWithFpn))
    {
        options ??= new FpnOptions();
        if (body.Stages.Count < options.Stages)
            throw new ArgumentException(
                $"The backbone has {body.Stages.Count} stages, and the pyramid is to stand on {options.Stages}: take fewer or another " +
                "backbone.", nameof(body));
        this.body = body;
        Stage[] used = [.. body.Stages.TakeLast(options.Stages)];
        stages = [.. Enumerable.Range(-used.Length, used.Length)];
        fpn = new FeaturePyramid([.. used.Select(stage => stage.Channels)], options);
        OutChannels = options.OutChannels;
        Strides = [.. used.Select(stage => stage.Reduction)];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Backbone Body => body;

    /// <summary>Channels of every level: 256 as in the paper.</summary>
    public override int OutChannels { get; }

    /// <summary>Strides of the levels that stand on stages, finest first: 4..32 for a ResNet's four.
    /// Each extra level has twice that of the one before.</summary>
    public override IReadOnlyList<int> Strides { get; }

    /// <summary>The levels of normalized images [N, 3, H, W], finest first: each [N, OutChannels, ⌈H/s⌉,
    /// ⌈W/s⌉]; by default P2..P6, s = 4..64 for a ResNet.</summary>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor[] levels = fpn.call(body.forward_features(images, stages));
        foreach (Tensor level in levels) level.MoveToOuterDisposeScope();
        return levels;
    }
}
