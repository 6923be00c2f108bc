using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A backbone and the feature pyramid on its last four stages: what the detectors look at. Keys are torchvision's, <c>body.*</c> and <c>fpn.*</c>.</summary>
public sealed class BackboneWithFpn : nn.Module<Tensor, Tensor[]>
{
    private const int StagesUsed = 4;

    private readonly Backbone body;
    private readonly FeaturePyramid fpn;

    /// <summary>Puts a pyramid with freshly drawn weights on a backbone.</summary>
    /// <param name="body">The backbone, built without classes; its channels are read off its stages. Owned from now on.</param>
    /// <param name="outChannels">Channels of every level.</param>
    public BackboneWithFpn(Backbone body, int outChannels = 256) : base(nameof(BackboneWithFpn))
    {
        this.body = body;
        fpn = new FeaturePyramid([.. body.Stages.TakeLast(StagesUsed).Select(stage => stage.Channels)], outChannels);
        OutChannels = outChannels;
        RegisterComponents();
    }

    /// <summary>The backbone.</summary>
    public Backbone Body => body;

    /// <summary>Channels of every level: 256 as in the paper.</summary>
    public int OutChannels { get; }

    /// <summary>P2..P6 of normalised images [N, 3, H, W]: each [N, OutChannels, ⌈H/s⌉, ⌈W/s⌉], s = 4..64 for a ResNet.</summary>
    public override Tensor[] forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor[] levels = fpn.call(body.forward_features(images, -4, -3, -2, -1));
        foreach (Tensor level in levels) level.MoveToOuterDisposeScope();
        return levels;
    }
}
