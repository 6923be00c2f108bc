using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Two fully connected layers that turn a pooled region into a feature vector; torchvision's TwoMLPHead.</summary>
internal sealed class BoxHead : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc6;
    private readonly Linear fc7;

    /// <summary>A head with randomly initialized weights.</summary>
    /// <param name="inFeatures">Number of values of a pooled region.</param>
    /// <param name="width">Length of the feature vector.</param>
    public BoxHead(int inFeatures, int width) : base(nameof(BoxHead))
    {
        fc6 = nn.Linear(inFeatures, width);
        fc7 = nn.Linear(width, width);
        RegisterComponents();
    }

    /// <summary>Feature vectors [R, width] of pooled regions [R, C, side, side].</summary>
    public override Tensor forward(Tensor regions)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = fc6.call(regions.flatten(1)).relu_();                           // [R, width]
        return fc7.call(hidden).relu_().MoveToOuterDisposeScope();
    }
}
