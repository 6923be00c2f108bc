using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Says of every place of every level which classes are there; torchvision's
/// <c>classification_head</c> of RetinaNet and FCOS.</summary>
internal sealed class DenseClassifier : nn.Module<Tensor[], Tensor>
{
    private readonly Sequential conv;
    private readonly Conv2d cls_logits;
    private readonly int numClasses;

    /// <summary>Freshly drawn weights.</summary>
    /// <param name="tower">The convolutions before. Owned from now on.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="perLocation">Anchors at each step of a level.</param>
    /// <param name="numClasses">Classes, background's unused column included.</param>
    public DenseClassifier(Sequential tower, int channels, int perLocation, int numClasses) : base(nameof(DenseClassifier))
    {
        conv = tower;
        cls_logits = DenseTower.Prediction(channels, perLocation * numClasses, DenseTower.PriorBias);
        this.numClasses = numClasses;
        RegisterComponents();
    }

    /// <summary>Logits [N, A, numClasses] of levels [N, channels, Hᵢ, Wᵢ].</summary>
    public override Tensor forward(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        return cat([.. levels.Select(level => DenseTower.Rows(cls_logits.call(conv.call(level)), numClasses))], 1)
            .MoveToOuterDisposeScope();
    }
}
