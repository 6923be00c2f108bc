using Vision.Backbones;
using Vision.Data;
using Vision.Graphs;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The common part of two-stage detectors: the backbone's feature maps, the region proposal network,
/// and the training of both. Derived classes add the second stage.</summary>
/// <remarks>Batch normalization and similar layers depend on the module's mode, as usual in torch: call
/// <c>eval()</c> before predicting and <c>train()</c> before training.</remarks>
public abstract class Rcnn : Detector
{
    private readonly FeatureBackbone backbone;
    private readonly RegionProposalNetwork rpn;
    private readonly RcnnRules rules;
    private readonly int numClasses;
    private readonly NetworkPart firstStage;

    /// <summary>A first stage with randomly initialized weights.</summary>
    private protected Rcnn(string name, RcnnDesign design, DetectorOptions options) : base(name)
    {
        backbone = design.Features;
        rpn = new RegionProposalNetwork(backbone.OutChannels, design.Anchors, design.RpnConvolutions);
        // Registered explicitly: a derived class's fields would otherwise come first, but torchvision's state dict begins with these.
        register_module(nameof(backbone), backbone);
        register_module(nameof(rpn), rpn);
        rules = new RcnnRules(options);
        numClasses = options.NumClasses;
        firstStage = new(inputs => Judge(inputs[0]), [NetworkPart.Any, 3, NetworkPart.Any, NetworkPart.Any]);
    }

    /// <inheritdoc/>
    public override Backbone Backbone => backbone.Body;

    /// <summary>The detections of each image, in pixels of the original image. No gradients are recorded.</summary>
    /// <param name="images">RGB, [3, H, W], float32 in [0, 1] or uint8; of any sizes.</param>
    public override Detections[] forward(Tensor[] images) => PredictAt(1, images);

    /// <inheritdoc/>
    public abstract override Detections[] PredictAt(double scale, Tensor[] images);

    /// <summary>The first stage, then the heads of the second.</summary>
    protected internal override IReadOnlyList<NetworkPart> Parts => [firstStage, .. HeadParts];

    /// <summary>The heads of the second stage.</summary>
    private protected abstract IReadOnlyList<NetworkPart> HeadParts { get; }

    /// <summary>What pools the regions for each of <see cref="HeadParts"/>.</summary>
    internal abstract IReadOnlyList<RegionPooler> Poolers { get; }

    /// <summary>The parts without weights.</summary>
    internal RcnnRules Rules => rules;

    /// <summary>The anchors of the first stage.</summary>
    internal AnchorGenerator Anchors => rpn.Anchors;

    /// <inheritdoc/>
    public override Tensor[] Objectness(Tensor[] images)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        ImageBatch batch = rules.Input.ForPrediction(images, Device);
        (Tensor[] levels, RpnOutput judged) = FirstStage(batch);
        return [.. ObjectnessMap.Of(judged, levels, batch).Select(map => map.MoveToOuterDisposeScope())];
    }

    /// <summary>Selects the detections.</summary>
    private protected DetectionFilter DetectionFilter => rules.DetectionFilter;

    /// <summary>Runs the first stage for prediction; its tensors are owned by the caller's dispose scope.</summary>
    /// <returns>The images, the levels P2..P6 [N, 256, ⌈H/s⌉, ⌈W/s⌉], s = 4..64, and the proposals of each image, [Rᵢ, 4] xyxy.</returns>
    private protected (ImageBatch Batch, Tensor[] Levels, Tensor[] Proposals) Propose(Tensor[] images, double scale)
    {
        ImageBatch batch = rules.Input.ForPrediction(images, Device, scale);
        (Tensor[] levels, RpnOutput judged) = FirstStage(batch);                                // objectness [N, A], deltas [N, A, 4]
        return (batch, levels, rules.PredictionProposals.Keep(judged, batch.Sizes));
    }

    /// <summary>Runs the first stage for training and samples the regions for the second; its
    /// tensors are owned by the caller's dispose scope.</summary>
    /// <param name="batch">Images with their ground truth.</param>
    /// <param name="masks">Whether the objects' masks are needed.</param>
    /// <param name="keypoints">Number of keypoints that objects must have; 0 for none.</param>
    private protected FirstStage TrainFirstStage(DetectionBatch batch, bool masks = false, int keypoints = 0)
    {
        ImageBatch images = rules.Input.ForTraining(batch.Images, Device);
        GroundTruth[] truth = GroundTruth.From(batch.Targets, images, numClasses, masks, keypoints);
        Tensor[] levels = backbone.call(images.Pixels);                                         // P2..P6
        RpnOutput judged = rpn.call(levels, images.PaddedSize);
        (Tensor objectness, Tensor box) = rules.RpnLoss.Of(judged, truth);
        Tensor[] proposals = rules.TrainingProposals.Keep(judged, images.Sizes);
        return new(images, truth, levels, rules.RoiSampler.Draw(proposals, truth), objectness, box);
    }

    /// <summary>The levels and the region proposal network's output, in prediction.</summary>
    private (Tensor[] Levels, RpnOutput Judged) FirstStage(ImageBatch batch)
    {
        Tensor[] outputs = firstStage.Call(batch.Pixels);
        Tensor[] levels = outputs[..^2];
        return (levels, new(rpn.AnchorsFor(levels, batch.PaddedSize), outputs[^2], outputs[^1]));
    }

    /// <summary>The levels, then the objectness [N, A] and deltas [N, A, 4] of all anchors.</summary>
    private Tensor[] Judge(Tensor pixels)
    {
        Tensor[] levels = backbone.call(pixels);
        (Tensor objectness, Tensor deltas) = rpn.Judge(levels);
        return [.. levels, objectness, deltas];
    }

    private Device Device => parameters().First().device;
}
