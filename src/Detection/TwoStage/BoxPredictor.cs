using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Classifies feature vectors of regions and refines their boxes, for each class by itself
/// or for all alike; torchvision's FastRCNNPredictor.</summary>
public sealed class BoxPredictor : nn.Module<Tensor, (Tensor Logits, Tensor Deltas)>
{
    private readonly Linear cls_score;
    private readonly Linear bbox_pred;
    private readonly int boxesPerRegion;

    /// <summary>A predictor with freshly drawn weights.</summary>
    /// <param name="inFeatures">Length of the feature vectors.</param>
    /// <param name="numClasses">Classes, background included.</param>
    /// <param name="classAgnostic">Whether a region has one refinement, whatever its class.</param>
    public BoxPredictor(int inFeatures, int numClasses, bool classAgnostic = false) : base(nameof(BoxPredictor))
    {
        boxesPerRegion = classAgnostic ? 1 : numClasses;
        cls_score = nn.Linear(inFeatures, numClasses);
        bbox_pred = nn.Linear(inFeatures, boxesPerRegion * 4);
        RegisterComponents();
    }

    /// <summary>Logits [R, classes] and deltas [R, classes, 4], or [R, 1, 4] where they are for all
    /// classes, of feature vectors [R, inFeatures].</summary>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor features) =>
        (cls_score.call(features), bbox_pred.call(features).view(-1, boxesPerRegion, 4));
}
