using TorchSharp.Modules;
using Vision.Graphs;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The stages of Cascade R-CNN: each has its own head and classifier, and refines boxes class-agnostically. Keys
/// <c>box_head.0.*</c>, <c>box_predictor.0.*</c> and so on, and Mask R-CNN's.</summary>
internal sealed class CascadeRoiHeads : nn.Module<Tensor[], Tensor[], int, (Tensor Logits, Tensor Deltas)>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> box_head;
    private readonly ModuleList<BoxPredictor> box_predictor;
    private readonly Sequential? mask_head;
    private readonly Sequential? mask_predictor;
    private readonly RegionPooler boxPooler;
    private readonly RegionPooler maskPooler;
    private readonly NetworkPart[] boxes;
    private readonly NetworkPart? mask;

    /// <summary>Heads with randomly initialized weights.</summary>
    /// <param name="design">The parts of the detector.</param>
    /// <param name="stages">Number of stages.</param>
    /// <param name="options">The options: the number of classes, and how many regions are looked at.</param>
    /// <param name="masks">Whether there is a mask branch.</param>
    public CascadeRoiHeads(RcnnDesign design, int stages, DetectorOptions options, bool masks) : base(nameof(CascadeRoiHeads))
    {
        boxPooler = new RegionPooler(design.Features.Strides, BoxHeads.PooledSide(design.BoxHead), RoiHeads.SamplingRatio);
        maskPooler = new RegionPooler(design.Features.Strides, MaskBranch.PooledSide, RoiHeads.SamplingRatio);
        box_head = new ModuleList<nn.Module<Tensor, Tensor>>();
        box_predictor = new ModuleList<BoxPredictor>();
        for (int i = 0; i < stages; i++)
        {
            (nn.Module<Tensor, Tensor> head, int features) = BoxHeads.Create(design);
            box_head.Add(head);
            box_predictor.Add(new BoxPredictor(features, options.NumClasses, classAgnostic: true));
        }
        if (masks)
        {
            mask_head = MaskBranch.Head(design.Features.OutChannels, design.HeadNorm);
            mask_predictor = MaskBranch.Predictor(options.NumClasses);
        }
        RegisterComponents();
        int channels = design.Features.OutChannels;
        boxes = [.. Enumerable.Range(0, stages).Select(stage =>
            new NetworkPart(pooled => Judge(pooled[0], stage), [NetworkPart.Any, channels, boxPooler.Side, boxPooler.Side])
            {
                UsualCount = options.Rpn.PredictProposals,
            })];
        if (masks)
            mask = new(pooled => [RoiHeadLayers.Call(pooled[0], mask_head!, mask_predictor!)],
                [NetworkPart.Any, channels, maskPooler.Side, maskPooler.Side]) { UsualCount = options.Roi.DetectionsPerImage };
    }

    /// <summary>The box head of each stage on pooled regions, then the mask head if there is one.</summary>
    internal IReadOnlyList<NetworkPart> Parts => mask is null ? boxes : [.. boxes, mask];

    /// <summary>What pools the regions of each of <see cref="Parts"/>.</summary>
    internal IReadOnlyList<RegionPooler> Poolers => [.. boxes.Select(_ => boxPooler), .. mask is null ? [] : new[] { maskPooler }];

    /// <summary>A stage's class logits [R, classes] and deltas [R, 1, 4] for the regions of all images.</summary>
    /// <param name="levels">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
    /// <param name="stage">The index of the stage, from 0.</param>
    public override (Tensor Logits, Tensor Deltas) forward(Tensor[] levels, Tensor[] regions, int stage)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = boxPooler.Pool(levels, regions);                                // [R, channels, 7, 7]
        // All stages send gradients into the same features: they are scaled so that together they equal one stage's.
        pooled = GradientScale.Apply(pooled, 1.0 / box_head.Count);
        Tensor[] judged = boxes[stage].Call(pooled);
        return (judged[0].MoveToOuterDisposeScope(), judged[1].MoveToOuterDisposeScope());
    }

    /// <summary>A mask for each class of the regions of all images: logits [R, classes, 28, 28].</summary>
    /// <param name="levels">[N, channels, Hᵢ, Wᵢ], finest first.</param>
    /// <param name="regions">The regions of each image, [Rᵢ, 4] xyxy.</param>
    public Tensor Masks(Tensor[] levels, Tensor[] regions)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = maskPooler.Pool(levels, regions);                               // [R, channels, 14, 14]
        return Autocast.Widen(mask!.Call(pooled)[0]).MoveToOuterDisposeScope();
    }

    private Tensor[] Judge(Tensor pooled, int stage)
    {
        (Tensor logits, Tensor deltas) = box_predictor[stage].call(RoiHeadLayers.Call(pooled, box_head[stage]));
        return [logits, deltas];
    }
}
