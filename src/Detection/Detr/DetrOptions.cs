using System.Globalization;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The options of a <see cref="Detr"/>. The defaults are those of the paper and the published weights.</summary>
public sealed record DetrOptions
{
    /// <summary>Number of object queries, the maximum number of objects per image. The paper uses
    /// 100; COCO's images have 7 objects on average.</summary>
    public int Queries { get; init; } = 100;

    /// <summary>Channels of the transformer. A multiple of <see cref="Heads"/> and of 4, for the position encoding.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Number of attention heads.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Number of encoder layers.</summary>
    public int EncoderLayers { get; init; } = 6;

    /// <summary>Number of decoder layers. Each has its own losses.</summary>
    public int DecoderLayers { get; init; } = 6;

    /// <summary>Hidden units of the layers' feed-forward networks.</summary>
    public int FeedForward { get; init; } = 2048;

    /// <summary>The dropout rate in training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The weight of the L1 distance of boxes, in matching and in the loss; the class has weight 1.</summary>
    public double BoxWeight { get; init; } = 5;

    /// <summary>The weight of the generalized IoU, in matching and in the loss.</summary>
    public double GiouWeight { get; init; } = 2;

    /// <summary>The weight of queries without an object in the classification loss: below 1, since they are the vast majority.</summary>
    public double NoObjectWeight { get; init; } = 0.1;

    /// <summary>The same options with the sizes of a state dict; those that it does not show, such as the heads, are kept.</summary>
    internal DetrOptions ReadOff(IReadOnlyDictionary<string, Tensor> weights)
    {
        if (!weights.TryGetValue("query_embed.weight", out Tensor? queries) || queries.dim() != 2) return this;
        return this with
        {
            Queries = (int)queries.shape[0],
            Width = (int)queries.shape[1],
            EncoderLayers = Layers("transformer.encoder.layers."),
            DecoderLayers = Layers("transformer.decoder.layers."),
            FeedForward = weights.TryGetValue("transformer.decoder.layers.0.linear1.bias", out Tensor? hidden)
                ? (int)hidden.shape[0] : FeedForward,
        };

        int Layers(string prefix) => 1 + weights.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => int.TryParse(key.AsSpan(prefix.Length, Math.Max(0, key.IndexOf('.', prefix.Length) - prefix.Length)),
                CultureInfo.InvariantCulture, out int layer) ? layer : -1)
            .DefaultIfEmpty(-1).Max();
    }
}
