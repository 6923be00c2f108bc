using static TorchSharp.torch;

namespace Vision.Segmentation;

/// <summary>A head that turns feature maps of a backbone into class logits.</summary>
public abstract class SegmentationHead : nn.Module<Tensor[], Tensor>
{
    /// <summary>Names the module.</summary>
    protected SegmentationHead(string name) : base(name) { }

    /// <summary>Class logits [N, classes, h, w], at the head's own resolution.</summary>
    /// <param name="features">The stages that the head was built for, finest first.</param>
    public abstract override Tensor forward(Tensor[] features);

    /// <summary>All logits that are trained: those of <c>forward</c> first, then those of deep supervision, if any.</summary>
    /// <param name="features">As in <c>forward</c>.</param>
    protected internal virtual Tensor[] Supervised(Tensor[] features) => [call(features)];
}
