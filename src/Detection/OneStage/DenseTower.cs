using TorchSharp.Modules;
using Vision.Backbones;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The four 3×3 convolutions before a dense prediction, shared by all levels.</summary>
internal static class DenseTower
{
    private const int Depth = 4;
    private const int Groups = 32;

    /// <summary>The bias with which a new network predicts an object with probability 0.01; otherwise the many negatives would
    /// dominate the first steps (Lin et al. 2017, section 4.1).</summary>
    public static readonly double PriorBias = -Math.Log((1 - 0.01) / 0.01);

    /// <summary>Layers that are each a Sequential, as in RetinaNet's keys: <c>conv.0.0.weight</c>.</summary>
    /// <param name="channels">Channels of every layer.</param>
    /// <param name="normalized">Whether each convolution has group normalization instead of a bias.</param>
    public static Sequential Nested(int channels, bool normalized)
    {
        Sequential tower = nn.Sequential(Enumerable.Range(0, Depth).Select(i => (i.ToString(), (nn.Module<Tensor, Tensor>)(normalized
            ? nn.Sequential(new Conv3x3(channels, channels, bias: false), Normalization.GroupNorm(Groups, channels), nn.ReLU(true))
            : nn.Sequential(new Conv3x3(channels, channels), nn.ReLU(true))))));
        return Drawn(tower);
    }

    /// <summary>Normalized layers in one Sequential, as in FCOS's keys: <c>conv.0.weight</c>,
    /// <c>conv.1.weight</c>, <c>conv.3.weight</c> and so on.</summary>
    /// <param name="channels">Channels of every layer.</param>
    public static Sequential Flat(int channels) => Drawn(nn.Sequential([.. Enumerable.Range(0, Depth).SelectMany(_ =>
        (nn.Module<Tensor, Tensor>[])[new Conv3x3(channels, channels), Normalization.GroupNorm(Groups, channels), nn.ReLU(true)])]));

    /// <summary>The 3×3 convolution of a prediction, with small initial weights.</summary>
    public static Conv2d Prediction(int channels, int outputs, double bias = 0)
    {
        Conv2d layer = nn.Conv2d(channels, outputs, 3, 1, 1);
        nn.init.normal_(layer.weight!, 0, 0.01);
        nn.init.constant_(layer.bias!, bias);
        return layer;
    }

    /// <summary>Rows of a prediction: from [N, anchors·columns, H, W] to [N, H·W·anchors, columns], in the order of anchors. In mixed
    /// precision they are in float32, as boxes and losses have to be.</summary>
    public static Tensor Rows(Tensor prediction, int columns)
    {
        using var scope = NewDisposeScope();
        return Autocast.Widen(prediction).permute(0, 2, 3, 1).unflatten(3, -1, columns).flatten(1, 3).MoveToOuterDisposeScope();
    }

    private static Sequential Drawn(Sequential tower)
    {
        foreach (var (name, parameter) in tower.named_parameters())
            if (parameter.dim() > 1) nn.init.normal_(parameter, 0, 0.01);
            else if (name.EndsWith("bias", StringComparison.Ordinal)) nn.init.zeros_(parameter);
        return tower;
    }
}
