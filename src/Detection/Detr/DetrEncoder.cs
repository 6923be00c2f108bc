using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The encoder: self-attention over all cells of the feature map.</summary>
internal sealed class DetrEncoder : nn.Module
{
    private readonly ModuleList<DetrEncoderLayer> layers;

    public DetrEncoder(DetrOptions options) : base(nameof(DetrEncoder))
    {
        layers = nn.ModuleList<DetrEncoderLayer>(
            [.. Enumerable.Range(0, options.EncoderLayers).Select(_ => new DetrEncoderLayer(options))]);
        RegisterComponents();
    }

    /// <inheritdoc cref="DetrEncoderLayer.Encode"/>
    public Tensor Encode(Tensor x, Tensor positions, Tensor? padding)
    {
        using var scope = NewDisposeScope();
        Tensor current = x;
        foreach (DetrEncoderLayer layer in layers) current = layer.Encode(current, positions, padding);
        return (ReferenceEquals(current, x) ? x.alias() : current).MoveToOuterDisposeScope();
    }
}
