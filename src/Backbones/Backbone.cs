using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>
/// A network that classifies images, and whose stages can feed an FPN or a dilated head instead. <c>forward</c> gives
/// class logits [N, classes], or pooled features [N, C] where the network was built without classes.
/// </summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the module.</summary>
    protected Backbone(string name) : base(name) { }

    /// <summary>All stages, finest first (for a ResNet: the stem, then C2..C5).</summary>
    public abstract IReadOnlyList<Stage> Stages { get; }

    /// <summary>The outputs of the chosen stages, finest first: stage i is [N, Stages[i].Channels, ⌈H/s⌉, ⌈W/s⌉] with s its reduction.</summary>
    /// <param name="x">Normalised images, [N, 3, H, W].</param>
    /// <param name="outIndices">Indices into <see cref="Stages"/>, ascending; negative ones count from the end. Later stages are not computed.</param>
    public abstract Tensor[] forward_features(Tensor x, params ReadOnlySpan<int> outIndices);
}
