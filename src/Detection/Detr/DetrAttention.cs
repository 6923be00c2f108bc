using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Vision.Detection;

/// <summary>Multi-head attention (Vaswani et al. 2017, arXiv:1706.03762), with the
/// state-dict names of PyTorch's <c>MultiheadAttention</c>.</summary>
internal sealed class DetrAttention : nn.Module
{
    private readonly Parameter in_proj_weight;
    private readonly Parameter in_proj_bias;
    private readonly Linear out_proj;
    private readonly int width;
    private readonly int heads;
    private readonly double dropoutRate;

    public DetrAttention(DetrOptions options) : base(nameof(DetrAttention))
    {
        (width, heads, dropoutRate) = (options.Width, options.Heads, options.Dropout);
        in_proj_weight = nn.Parameter(zeros(3 * width, width));
        in_proj_bias = nn.Parameter(zeros(3 * width));
        out_proj = nn.Linear(width, width);
        RegisterComponents();
        this.DetachOwnTensors();
        nn.init.zeros_(out_proj.bias!);
    }

    /// <summary>The attention-weighted values of each query.</summary>
    /// <param name="query">[Q, N, width].</param>
    /// <param name="key">[K, N, width].</param>
    /// <param name="value">[K, N, width].</param>
    /// <param name="padding">True for keys that are padding: bool [N·heads, 1, K]; null if there is none.</param>
    /// <returns>[Q, N, width].</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? padding)
    {
        using var scope = NewDisposeScope();
        Tensor q = Heads(query, 0) * (1 / Math.Sqrt(width / heads));                    // [N·heads, Q, width/heads]
        Tensor scores = q.bmm(Heads(key, 1).transpose(1, 2));                           // [N·heads, Q, K]
        if (padding is not null) scores = scores.masked_fill(padding, double.NegativeInfinity);
        Tensor weights = dropout(scores.softmax(-1), dropoutRate, training);
        Tensor mixed = weights.bmm(Heads(value, 2)).transpose(0, 1).unflatten(1, -1, heads).flatten(2);        // [Q, N, width]
        return out_proj.call(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>Projects the input of a role (0 query, 1 key, 2 value) and splits it into heads: [N·heads, L, width/heads].</summary>
    private Tensor Heads(Tensor x, int role)
    {
        using var scope = NewDisposeScope();
        Tensor projected = linear(x, in_proj_weight.narrow(0, role * width, width), in_proj_bias.narrow(0, role * width, width));
        return projected.unflatten(2, heads, -1).flatten(1, 2).transpose(0, 1).MoveToOuterDisposeScope();
    }
}
