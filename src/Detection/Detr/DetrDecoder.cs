using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The decoder: turns each query into an object, or into none.</summary>
internal sealed class DetrDecoder : nn.Module
{
    private readonly ModuleList<DetrDecoderLayer> layers;
    private readonly LayerNorm norm;

    public DetrDecoder(DetrOptions options) : base(nameof(DetrDecoder))
    {
        layers = nn.ModuleList<DetrDecoderLayer>(
            [.. Enumerable.Range(0, options.DecoderLayers).Select(_ => new DetrDecoderLayer(options))]);
        norm = nn.LayerNorm(options.Width);
        RegisterComponents();
    }

    /// <summary>The normalized states of the queries after each layer: [layers, Q, N, width].</summary>
    /// <inheritdoc cref="DetrDecoderLayer.Decode"/>
    public Tensor Decode(Tensor queries, Tensor memory, Tensor keys, Tensor? padding)
    {
        using var scope = NewDisposeScope();
        Tensor x = zeros_like(memory.narrow(0, 0, 1)).expand(queries.shape[0], -1, -1);                         // [Q, N, width]
        List<Tensor> outputs = [];
        foreach (DetrDecoderLayer layer in layers)
        {
            x = layer.Decode(x, queries, memory, keys, padding);
            outputs.Add(norm.call(x));
        }
        return stack(outputs).MoveToOuterDisposeScope();
    }
}
