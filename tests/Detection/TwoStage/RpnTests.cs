using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class RpnTests
{
    private static readonly RpnOptions options =
        new() { TrainTopPerLevel = 300, PredictTopPerLevel = 200, TrainProposals = 150, PredictProposals = 100 };

    [SkippableTheory]
    [InlineData("testing"), InlineData("training")]
    public void ProposalsAreTorchvisions(string mode)
    {
        using var scope = NewDisposeScope();
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        var output = new RpnOutput(generator.For(Parts.Levels(), Parts.PaddedSize), Parts.Get("rpn.objectness"), Parts.Get("rpn.deltas"));
        ProposalFilter filter = mode == "testing" ? ProposalFilter.ForPrediction(options) : ProposalFilter.ForTraining(options);
        Tensor[] proposals = filter.Keep(output, [new(200, 310), new(224, 300)]);
        for (int i = 0; i < proposals.Length; i++)
            Close.To(proposals[i], Parts.Get($"proposals.{mode}.{i}"), 1e-6, $"proposals of image {i}");
    }

    [SkippableFact]
    public void LossesAndGradientsAreTorchvisions()
    {
        using var scope = NewDisposeScope();
        using AnchorGenerator generator = AnchorGenerator.ForPyramid();
        Tensor objectness = Parts.Get("rpn.objectness").clone().requires_grad_();
        Tensor deltas = Parts.Get("rpn.deltas").clone().requires_grad_();
        var output = new RpnOutput(generator.For(Parts.Levels(), Parts.PaddedSize), objectness, deltas);
        GroundTruth[] truth = [new(Parts.Get("objects"), ones(7, int64)), new(zeros(0, 4), zeros(0, int64))];

        random.manual_seed(12);
        (Tensor objectnessLoss, Tensor boxLoss) = new RpnLoss(options).Of(output, truth);
        Close.To(objectnessLoss, Parts.Get("rpn.loss_objectness"), 1e-6, "objectness");
        Close.To(boxLoss, Parts.Get("rpn.loss_box"), 1e-6, "box");
        (objectnessLoss + boxLoss).backward();
        Close.To(objectness.grad!, Parts.Get("rpn.objectness.grad"), 1e-5, "gradient of objectness");
        Close.To(deltas.grad!, Parts.Get("rpn.deltas.grad"), 1e-5, "gradient of deltas");
    }
}
