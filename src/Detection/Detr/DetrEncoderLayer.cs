using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>A layer of the encoder: every cell of the feature map attends to every other.</summary>
internal sealed class DetrEncoderLayer : nn.Module
{
    private readonly DetrAttention self_attn;
    private readonly Linear linear1;
    private readonly Dropout dropout;
    private readonly Linear linear2;
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly Dropout dropout1;
    private readonly Dropout dropout2;

    public DetrEncoderLayer(DetrOptions options) : base(nameof(DetrEncoderLayer))
    {
        self_attn = new DetrAttention(options);
        linear1 = nn.Linear(options.Width, options.FeedForward);
        dropout = nn.Dropout(options.Dropout);
        linear2 = nn.Linear(options.FeedForward, options.Width);
        norm1 = nn.LayerNorm(options.Width);
        norm2 = nn.LayerNorm(options.Width);
        dropout1 = nn.Dropout(options.Dropout);
        dropout2 = nn.Dropout(options.Dropout);
        RegisterComponents();
    }

    /// <summary>[K, N, width] to the same shape.</summary>
    /// <param name="x">The cells.</param>
    /// <param name="positions">The position encodings, [K, N, width]; added to the queries and keys, but not to the values.</param>
    /// <param name="padding">As in <see cref="DetrAttention.Attend"/>.</param>
    public Tensor Encode(Tensor x, Tensor positions, Tensor? padding)
    {
        using var scope = NewDisposeScope();
        Tensor placed = x + positions;
        x = norm1.call(x + dropout1.call(self_attn.Attend(placed, placed, x, padding)));
        x = norm2.call(x + dropout2.call(linear2.call(dropout.call(linear1.call(x).relu_()))));
        return x.MoveToOuterDisposeScope();
    }
}
