using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>One stage of a backbone, without a pyramid: C4 as in Faster R-CNN before FPN (He et al. 2015,
/// arXiv:1512.03385), or a dilated C5. Keys are <c>body.*</c>.</summary>
public sealed class SingleLevelBackbone : FeatureBackbone
{
    private readonly Backbone body;
    private readonly int fromEnd;

    /// <summary>Uses one stage of a backbone.</summary>
    /// <param name="body">The backbone, built without classes; this module takes ownership of it.</param>
    /// <param name="fromEnd">1 for its last stage, 2 for the second to last.</param>
    /// <exception cref="ArgumentException">The backbone has no such stage.</exception>
    public SingleLevelBackbone(Backbone body, int fromEnd) : base(nameof(SingleLevelBackbone))
    {
        if (fromEnd < 1 || fromEnd > body.Stages.Count)
            throw new ArgumentException($"The stage is number {fromEnd} from the end; expected 1 to {body.Stages.Count}.",
                nameof(fromEnd));
        (this.body, this.fromEnd) = (body, fromEnd);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Backbone Body => body;

    /// <inheritdoc/>
    public override int OutChannels => body.Stages[^fromEnd].Channels;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Strides => [body.Stages[^fromEnd].Reduction];

    /// <summary>The stage of normalized images [N, 3, H, W]: one level, [N, OutChannels, ⌈H/s⌉, ⌈W/s⌉].</summary>
    public override Tensor[] forward(Tensor images) => body.forward_features(images, -fromEnd);
}
