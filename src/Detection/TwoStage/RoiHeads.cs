using TorchSharp.Modules;
using Vision.Graphs;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>
/// The second stage of Faster R-CNN and its variants: pools regions from the feature maps, classifies them and refines their
/// boxes, and predicts masks or keypoints if it has such a branch. Keys are torchvision's,
/// <c>box_head.*</c>, <c>box_predictor.*</c>, <c>mask_head.*</c> and so on.
/// </summary>
public sealed class RoiHeads : nn.Module<Tensor[], Tensor[], (Tensor Logits, Tensor Deltas)>
{
    /// <summary>Samples per bin and direction of RoIAlign.</summary>
    internal const int SamplingRatio = 2;

    private readonly nn.Module<Tensor, Tensor> box_head;
    private readonly BoxPredictor box_predictor;
    private readonly Sequential? mask_head;
    private readonly Sequential? mask_predictor;
    private readonly Sequential? keypoint_head;
    private readonly KeypointPredictor? keypoint_predictor;
    private readonly RegionPooler boxPooler;
    private readonly RegionPooler finePooler;
    private readonly NetworkPart box;
    private readonly NetworkPart? fine;

    /// <summary>Heads with randomly initialized weights.</summary>
    /// <param name="design">The parts of the detector.</param>
    /// <param name="options">The options: the number of classes, and how many regions are looked at.</param>
    /// <param name="masks">Whether there is a mask branch.</param>
    /// <param name="keypoints">Number of keypoints per object; 0 for no keypoint branch.</param>
    public RoiHeads(RcnnDesign design, DetectorOptions options, bool masks = false, int keypoints = 0) : base(nameof(RoiHeads))
    {
        boxPooler = new RegionPooler(design.Features.Strides, BoxHeads.PooledSide(design.BoxHead), SamplingRatio);
        finePooler = new RegionPooler(design.Features.Strides, MaskBranch.PooledSide, SamplingRatio);
        int channels = design.Features.OutChannels;
        (box_head, int features) = BoxHeads.Create(design);
        box_predictor = new BoxPredictor(features, options.NumClasses);
        if (masks)
        {
            mask_head = MaskBranch.Head(channels, design.HeadNorm);
            mask_predictor = MaskBranch.Predictor(options.NumClasses);
        }
        if (keypoints > 0)
        {
            keypoint_head = KeypointPredictor.Head(channels);
            keypoint_predictor = new KeypointPredictor(keypoints);
        }
        RegisterComponents();
        box = new(Judge, [NetworkPart.Any, channels, boxPooler.Side, boxPooler.Side]) { UsualCount = options.Rpn.PredictProposals };
        if (masks) fine = Fine(mask_head!, mask_predictor!);
        if (keypoints > 0) fine = Fine(keypoint_head!, keypoint_predictor!);

        NetworkPart Fine(nn.Module<Tensor, Tensor> head, nn.Module<Tensor, Tensor> predictor) => new(
            regions => [RoiHeadLayers.Call(regions[0], head, predictor)],
            [NetworkPart.Any, channels, finePooler.Side, finePooler.Side]) { UsualCount = options.Roi.DetectionsPerImage };
    }

    /// <summary>The box head on pooled regions, then the mask or keypoint head if there is one.</summary>
    internal IReadOnlyList<NetworkPart> Parts => fine is null ? [box] : [box, fine];

    /// <summary>What pools the regions of each of <see cref="Parts"/>.</summary>
    internal IReadOnlyList<RegionPooler> Poolers => fine is null ? [boxPooler] : [boxPooler, finePooler];

    /// <summary>Class logits [R, classes] and deltas [R, classes, 4] of the regions of all images.</summary>
    /// <param name="levels">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor[] levels, Tensor[] regions)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = boxPooler.Pool(levels, regions);                                // [R, channels, 7, 7]
        Tensor[] judged = box.Call(pooled);
        return (judged[0].MoveToOuterDisposeScope(), judged[1].MoveToOuterDisposeScope());
    }

    /// <summary>A mask for each class of the regions of all images: logits [R, classes, 28, 28].</summary>
    /// <inheritdoc cref="forward"/>
    public Tensor Masks(Tensor[] levels, Tensor[] regions) => Branch(levels, regions);

    /// <summary>A heat map for each keypoint of the regions of all images: logits [R, keypoints, 56, 56].</summary>
    /// <inheritdoc cref="forward"/>
    public Tensor Keypoints(Tensor[] levels, Tensor[] regions) => Branch(levels, regions);

    private Tensor[] Judge(Tensor[] pooled)
    {
        (Tensor logits, Tensor deltas) = box_predictor.call(RoiHeadLayers.Call(pooled[0], box_head));
        return [logits, deltas];
    }

    private Tensor Branch(Tensor[] levels, Tensor[] regions)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = finePooler.Pool(levels, regions);                               // [R, channels, 14, 14]
        return Autocast.Widen(fine!.Call(pooled)[0]).MoveToOuterDisposeScope();
    }
}
