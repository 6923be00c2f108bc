using System.Globalization;
using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A sequence of layers on one feature map, under the keys <c>0</c>, <c>1</c>, …</summary>
public abstract class SequentialHead : SegmentationHead
{
    private readonly nn.Module<Tensor, Tensor>[] layers;

    /// <summary>Names the module, and takes ownership of its layers.</summary>
    private protected SequentialHead(string name, params nn.Module<Tensor, Tensor>[] layers) : base(name)
    {
        this.layers = layers;
        for (int i = 0; i < layers.Length; i++) register_module(i.ToString(CultureInfo.InvariantCulture), layers[i]);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] features)
    {
        using var scope = NewDisposeScope();
        Tensor x = features[^1];                                            // [N, C, h, w]
        foreach (nn.Module<Tensor, Tensor> layer in layers) x = layer.call(x);
        return x.MoveToOuterDisposeScope();                                 // [N, classes, h, w]
    }
}
