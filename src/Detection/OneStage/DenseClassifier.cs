using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Classifies every location of every level; torchvision's
/// <c>classification_head</c> of RetinaNet and FCOS.</summary>
internal sealed class DenseClassifier : nn.Module<Tensor[], Tensor>
{
    private readonly Sequential conv;
    private readonly Conv2d cls_logits;
    private readonly int numClasses;

    /// <summary>Randomly initialized weights.</summary>
    /// <param name="tower">The convolutions before the prediction; ownership passes to this object.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="perLocation">Number of anchors at each location of a level.</param>
    /// <param name="numClasses">Number of classes, including the unused background column.</param>
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
