using Vision.Testing;
using Vision.Weights;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class PairLossTests
{
    internal static readonly Lazy<Dictionary<string, Tensor>> peer = new(() =>
    {
        using var folder = new TempFolder();
        Peer.Run("detection_losses.py", folder["out.pth"]);
        Dictionary<string, Tensor> read = WeightFile.Read(folder["out.pth"]);
        foreach (Tensor tensor in read.Values) tensor.DetachFromDisposeScope();
        return read;
    });

    [SkippableTheory]
    [InlineData("giou", "predicted", "target"), InlineData("diou", "predicted", "target"), InlineData("ciou", "predicted", "target")]
    [InlineData("l1", "predicted", "target"), InlineData("smooth_l1", "predicted", "target")]
    [InlineData("focal", "logits", "binary"), InlineData("quality_focal", "logits", "quality")]
    public void LossesAndGradientsAreTheReferences(string name, string predicted, string target)
    {
        foreach (var (reduction, suffix) in new[] { (nn.Reduction.None, "none"), (nn.Reduction.Mean, "mean"), (nn.Reduction.Sum, "sum") })
        {
            using var scope = NewDisposeScope();
            Tensor leaf = peer.Value[predicted].clone().requires_grad_();
            Tensor loss = Create(name, reduction).Of(leaf, peer.Value[target]);
            Close.To(loss, peer.Value[$"{name}.{suffix}"], 1e-5, $"{name} {suffix}");
            loss.sum().backward();
            Close.To(leaf.grad!, peer.Value[$"{name}.{suffix}.grad"], 1e-5, $"gradient of {name} {suffix}");
        }
    }

    [Fact]
    public void TheMeanOfNothingIsZero()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, new IouLoss(IouLossKind.Ciou, nn.Reduction.Mean).Of(zeros(0, 4), zeros(0, 4)).item<float>());
    }

    [Theory]
    [InlineData(IouLossKind.Iou), InlineData(IouLossKind.Giou), InlineData(IouLossKind.Diou), InlineData(IouLossKind.Ciou)]
    public void BoxesWithoutAreaGiveFiniteLossesAndGradients(IouLossKind kind)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(new float[] { 5, 5, 5, 9, 5, 5, 9, 5, 1, 1, 1e4f, 1e4f }).reshape(3, 4).requires_grad_();
        Tensor loss = new IouLoss(kind, nn.Reduction.Sum).Of(boxes, tensor(new float[] { 0, 0, 10, 10 }).repeat(3, 1));
        loss.backward();
        Assert.True(float.IsFinite(loss.item<float>()) && boxes.grad!.isfinite().all().item<bool>(), $"{kind} gives {loss.item<float>()}.");
    }

    [Fact]
    public void AnotherShapeIsNamed()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new L1().Of(zeros(2, 4), zeros(4)));
        Assert.StartsWith("The targets are [4]; expected the shape of the predictions, [2, 4].", error.Message);
    }

    private static PairLoss Create(string name, nn.Reduction reduction) => name switch
    {
        "giou" => new IouLoss(IouLossKind.Giou, reduction),
        "diou" => new IouLoss(IouLossKind.Diou, reduction),
        "ciou" => new IouLoss(IouLossKind.Ciou, reduction),
        "l1" => new L1(reduction),
        "smooth_l1" => new SmoothL1(2, reduction),
        "focal" => new SigmoidFocal(reduction: reduction),
        _ => new QualityFocal(reduction: reduction),
    };
}
