using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>What can be chosen of a detector of two stages.</summary>
public class TwoStageTests
{
    [Fact]
    public void AnObjectWithoutAMaskIsNamed()
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small("maskrcnn_resnet50_fpn");
        DetectionBatch batch = EveryDetectorTests.Batch((60, 80, 1));
        batch.Targets[0] = batch.Targets[0] with { Objects = [batch.Targets[0].Objects[0] with { Segment = null }] };
        Assert.StartsWith("0.jpg: annotation 0 has no mask", Assert.Throws<InputException>(() => model.ComputeLosses(batch)).Message);
    }

    [Fact]
    public void SoftSuppressionKeepsWhatTheHardDrops()
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(3, 60, 80);
        var (hard, soft) = (Find(SuppressionKind.Hard), Find(SuppressionKind.SoftLinear));
        Assert.True(soft.Count > hard.Count, $"{soft.Count} and {hard.Count} are found.");
        Assert.Equal(hard.Boxes[0], soft.Boxes[0]);
        Assert.Equal(soft.Scores.OrderDescending(), soft.Scores);
        Assert.Equal(soft.Count, soft.Masks!.Length);

        Detections Find(SuppressionKind kind)
        {
            using Detector model = SmallDetectors.Small("maskrcnn_resnet50_fpn", adapt: options => options with
            {
                Rpn = options.Rpn with { PredictProposals = 50 },
                Roi = options.Roi with { ScoreThreshold = 0.1, Suppression = new() { Kind = kind }, DetectionsPerImage = 1000 },
            });
            model.eval();
            return model.call([image])[0];
        }
    }

    [Fact]
    public void BackgroundCanBeDrawnByItsOverlap()
    {
        using var scope = NewDisposeScope();
        RoiOptions options = new() { SamplesPerImage = 12, PositiveFraction = 0.25, BalanceIou = true };
        GroundTruth truth = new(tensor(new float[] { 0, 0, 100, 100 }).reshape(1, 4), ones(1, int64));
        // A hundred far away, and three that overlap the object by 0.2 and 0.4: at random these would hardly ever be drawn.
        Tensor far = tensor(new float[] { 500, 500, 520, 520 }).expand(100, 4),
            near = tensor(new float[] { 0, 0, 100, 20, 0, 0, 100, 40, 0, 0, 40, 100 }).reshape(3, 4);
        RoiSamples samples = new RoiSampler(options).Draw([cat([far, near])], [truth]);
        Assert.Equal(3, samples.Regions[0].narrow(1, 2, 1).lt(200).logical_and(samples.Labels.eq(0).unsqueeze(1)).sum().item<long>());
        Assert.Equal(1, samples.Labels.sum().item<long>());
        Assert.Equal(12, samples.Labels.shape[0]);
        // Without objects all is background.
        Assert.Equal(0, new RoiSampler(options).Draw([far], [new(zeros(0, 4), zeros(0, int64))]).Labels.sum().item<long>());
    }

    [Fact]
    public void PlainWeightsStartADeformableNetworkAndItsOwnTellIt()
    {
        using var scope = NewDisposeScope();
        const string Name = "fasterrcnn_resnet50_fpn";
        using Detector plain = SmallDetectors.Small(Name, "resnet50"),
            deformable = SmallDetectors.Small(Name, "resnet50", adapt: options => options with { DeformableStages = 1 });
        Assert.Equal(["*.conv2_offset.*"], DetectorWeights.LoadForTraining(deformable, Name, plain.state_dict(), "plain"));
        Assert.Equal(1, DetectorWeights.OptionsFor(Name, deformable.state_dict(), "own").DeformableStages);
        Assert.Equal(0, DetectorWeights.OptionsFor(Name, plain.state_dict(), "own").DeformableStages);
    }

    [Fact]
    public void AnotherScaleFindsInTheSamePixels()
    {
        using var scope = NewDisposeScope();
        using Detector model = SmallDetectors.Small("fasterrcnn_resnet50_fpn");
        model.eval();
        Detections found = model.PredictAt(2, [rand(3, 60, 80)])[0];
        Assert.True(found.Boxes.Max(box => box.X2) is > 40 and <= 80.01f, "Boxes are not in pixels of the image.");
    }
}
