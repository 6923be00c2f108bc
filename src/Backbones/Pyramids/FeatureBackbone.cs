using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A backbone as detectors use it: feature maps with the same number of channels, finest first.</summary>
public abstract class FeatureBackbone : nn.Module<Tensor, Tensor[]>
{
    /// <summary>Names the module.</summary>
    protected FeatureBackbone(string name) : base(name) { }

    /// <summary>The backbone.</summary>
    public abstract Backbone Body { get; }

    /// <summary>Channels of every level.</summary>
    public abstract int OutChannels { get; }

    /// <summary>Strides of the levels built from stages of the backbone, finest first; extra
    /// levels, if any, are coarser.</summary>
    public abstract IReadOnlyList<int> Strides { get; }
}
