using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A backbone with a feature pyramid over its last stages, as detectors use it. Keys
/// are torchvision's, <c>body.*</c> and <c>fpn.*</c>.</summary>
public sealed class BackboneWithFpn : FeatureBackbone
{
    private readonly Backbone body;
    private readonly FeaturePyramid fpn;
    private readonly int[] stages;

    /// <summary>Adds a pyramid with randomly initialized weights to a backbone.</summary>
    /// <param name="body">The backbone, built without classes; this module takes ownership of it.</param>
    /// <param name="options">The options of the pyramid; null for the defaults.</param>
    /// <exception cref="ArgumentException">The backbone has fewer stages than the pyramid needs.</exception>
    public BackboneWithFpn(Backbone body, FpnOptions? options = null) : base(nameof(BackboneWithFpn))
    {
        options ??= new FpnOptions();
        if (body.Stages.Count < options.Stages)
            throw new ArgumentException(
                $"The backbone has {body.Stages.Count} stages, but the pyramid needs {options.Stages}: " +
                "use fewer stages or another backbone.", nameof(body));
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

    /// <summary>Strides of the levels built from stages, finest first: 4..32 for a ResNet's four.
    /// Each extra level doubles the stride.</summary>
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
