using TorchSharp.Modules;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Classifies feature vectors of regions and refines their boxes, per class
/// or class-agnostic; torchvision's FastRCNNPredictor.</summary>
internal sealed class BoxPredictor : nn.Module<Tensor, (Tensor Logits, Tensor Deltas)>
{
    private readonly Linear cls_score;
    private readonly Linear bbox_pred;
    private readonly int boxesPerRegion;

    /// <summary>A predictor with randomly initialized weights.</summary>
    /// <param name="inFeatures">Length of the feature vectors.</param>
    /// <param name="numClasses">Number of classes, background included.</param>
    /// <param name="classAgnostic">Whether a region has the same refinement for all classes.</param>
    public BoxPredictor(int inFeatures, int numClasses, bool classAgnostic = false) : base(nameof(BoxPredictor))
    {
        boxesPerRegion = classAgnostic ? 1 : numClasses;
        cls_score = nn.Linear(inFeatures, numClasses);
        bbox_pred = nn.Linear(inFeatures, boxesPerRegion * 4);
        RegisterComponents();
    }

    /// <summary>Logits [R, classes] and deltas [R, classes, 4], or [R, 1, 4] if class-agnostic,
    /// of feature vectors [R, inFeatures].</summary>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor features) =>
        (Autocast.Widen(cls_score.call(features)), Autocast.Widen(bbox_pred.call(features)).view(-1, boxesPerRegion, 4));
}
