using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A backbone as detectors look at it: feature maps of one width, finest first.</summary>
public abstract class FeatureBackbone : nn.Module<Tensor, Tensor[]>
{
    /// <summary>Names the module.</summary>
    protected FeatureBackbone(string name) : base(name) { }

    /// <summary>The backbone.</summary>
    public abstract Backbone Body { get; }

    /// <summary>Channels of every level.</summary>
    public abstract int OutChannels { get; }

    /// <summary>Strides of the levels that stand on stages of the backbone, finest first; levels
    /// beyond them, if there are any, are coarser.</summary>
    public abstract IReadOnlyList<int> Strides { get; }
}
