using Vision.Ops;
using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class YoloParityTests
{
    private const int Side = 128;
    private static readonly long[] perLevel = [256, 64, 16];

    private static readonly Lazy<Dictionary<string, Tensor>> peer = new(() =>
    {
        using var folder = new TempFolder();
        Peer.Run("yolo.py", folder["out.pth"]);
        Dictionary<string, Tensor> read = WeightFile.Read(folder["out.pth"]);
        foreach (Tensor tensor in read.Values) tensor.DetachFromDisposeScope();
        return read;
    });

    [SkippableFact]
    public void CellsAreThoseOfTheGrid()
    {
        using var scope = NewDisposeScope();
        using var grid = new CellGrid();
        var (cells, counts) = grid.For([zeros(1, 1, 16, 16), zeros(1, 1, 8, 8), zeros(1, 1, 4, 4)], Side);
        Close.To(cells, peer.Value["cells"], 0);
        Assert.Equal(perLevel, counts);
    }

    [SkippableFact]
    public void YoloXDecodesAssignsAndLearnsAsInThePaper()
    {
        using var scope = NewDisposeScope();
        var (logits, coded, objectness) = Leaves("x");
        Tensor cells = peer.Value["cells"];
        Close.To(YoloXCoder.Decode(coded, cells), peer.Value["x.decoded"], 1e-6);

        GroundTruth[] truth = Truth();
        Tensor boxes = YoloXCoder.Decode(coded, cells).detach();
        Tensor matches = SimOta.Match(truth[0], boxes[0], logits[0].detach(), objectness[0].detach(), cells).Matches;
        Assert.Equal(peer.Value["x.matches"].ToHost<long>(), matches.ToHost<long>());

        (Tensor box, Tensor objects, Tensor classification) = YoloXLoss.Of(logits, coded, objectness, cells, truth);
        AssertLosses("x", box, objects, classification, logits, coded, objectness);
    }

    [SkippableFact]
    public void YoloV3DecodesAssignsAndLearnsAsInThePaper()
    {
        using var scope = NewDisposeScope();
        var (logits, coded, objectness) = Leaves("v3");
        Tensor priors = YoloPriors.For(Side, CPU);
        Tensor rows = YoloPriors.Rows(peer.Value["cells"], perLevel, priors);
        Close.To(YoloPriors.Decode(coded, rows), peer.Value["v3.decoded"], 1e-6);
        (Tensor box, Tensor objects, Tensor classification) = YoloV3Loss.Of(logits, coded, objectness, rows, perLevel, priors, Truth(),
            Side);
        AssertLosses("v3", box, objects, classification, logits, coded, objectness);
    }

    private static void AssertLosses(string kind, Tensor box, Tensor objects, Tensor classification, Tensor logits, Tensor coded,
        Tensor objectness)
    {
        Close.To(box, peer.Value[$"{kind}.loss.box"], 1e-5, "box");
        Close.To(objects, peer.Value[$"{kind}.loss.objectness"], 1e-5, "objectness");
        Close.To(classification, peer.Value[$"{kind}.loss.classification"], 1e-5, "classification");
        (box + objects + classification).backward();
        Close.To(logits.grad!, peer.Value[$"{kind}.logits.grad"], 1e-5, "gradient of logits");
        Close.To(coded.grad!, peer.Value[$"{kind}.coded.grad"], 1e-4, "gradient of boxes");
        Close.To(objectness.grad!, peer.Value[$"{kind}.objectness.grad"], 1e-5, "gradient of objectness");
    }

    private static (Tensor Logits, Tensor Coded, Tensor Objectness) Leaves(string kind) =>
        (Leaf($"{kind}.logits"), Leaf($"{kind}.coded"), Leaf($"{kind}.objectness"));

    private static Tensor Leaf(string name) => peer.Value[name].clone().requires_grad_();

    // The second image has no objects.
    private static GroundTruth[] Truth() => [new(peer.Value["boxes"], peer.Value["labels"]), new(zeros(0, 4), zeros(0, int64))];
}
