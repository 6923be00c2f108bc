using static TorchSharp.torch;

namespace Vision.Backbones;

/// <summary>A layer that permutes the dimensions.</summary>
internal sealed class Permute : nn.Module<Tensor, Tensor>
{
    private readonly long[] order;

    private Permute(params long[] order) : base(nameof(Permute)) => this.order = order;

    /// <summary>[N, C, H, W] to [N, H, W, C].</summary>
    public static Permute ToChannelsLast() => new(0, 2, 3, 1);

    /// <summary>[N, H, W, C] to [N, C, H, W].</summary>
    public static Permute ToChannelsFirst() => new(0, 3, 1, 2);

    /// <summary>A view of <paramref name="x"/>.</summary>
    public override Tensor forward(Tensor x) => x.permute(order);
}
