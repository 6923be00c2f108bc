using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A layer of the decoder: the queries attend to each other, then to the image.</summary>
internal sealed class DetrDecoderLayer : nn.Module
{
    private readonly DetrAttention self_attn;
    private readonly DetrAttention multihead_attn;
    private readonly Linear linear1;
    private readonly Dropout dropout;
    private readonly Linear linear2;
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly LayerNorm norm3;
    private readonly Dropout dropout1;
    private readonly Dropout dropout2;
    private readonly Dropout dropout3;

    public DetrDecoderLayer(DetrOptions options) : base(nameof(DetrDecoderLayer))
    {
        self_attn = new DetrAttention(options);
        multihead_attn = new DetrAttention(options);
        linear1 = nn.Linear(options.Width, options.FeedForward);
        dropout = nn.Dropout(options.Dropout);
        linear2 = nn.Linear(options.FeedForward, options.Width);
        norm1 = nn.LayerNorm(options.Width);
        norm2 = nn.LayerNorm(options.Width);
        norm3 = nn.LayerNorm(options.Width);
        dropout1 = nn.Dropout(options.Dropout);
        dropout2 = nn.Dropout(options.Dropout);
        dropout3 = nn.Dropout(options.Dropout);
        RegisterComponents();
    }

    /// <summary>[Q, N, width] to the same shape.</summary>
    /// <param name="x">The states of the queries.</param>
    /// <param name="queries">The query embeddings, [Q, 1, width].</param>
    /// <param name="memory">The encoded cells, [K, N, width].</param>
    /// <param name="keys">The encoded cells with their position encodings added.</param>
    /// <param name="padding">As in <see cref="DetrAttention.Attend"/>.</param>
    public Tensor Decode(Tensor x, Tensor queries, Tensor memory, Tensor keys, Tensor? padding)
    {
        using var scope = NewDisposeScope();
        Tensor asked = x + queries;
        x = norm1.call(x + dropout1.call(self_attn.Attend(asked, asked, x, null)));
        x = norm2.call(x + dropout2.call(multihead_attn.Attend(x + queries, keys, memory, padding)));
        x = norm3.call(x + dropout3.call(linear2.call(dropout.call(linear1.call(x).relu_()))));
        return x.MoveToOuterDisposeScope();
    }
}
