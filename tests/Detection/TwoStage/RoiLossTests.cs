using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

public class RoiLossTests
{
    [SkippableFact]
    public void LossesAndGradientsAreTorchvisions()
    {
        using var scope = NewDisposeScope();
        Tensor logits = Parts.Get("roi.logits").clone().requires_grad_();
        Tensor deltas = Parts.Get("roi.deltas").clone().requires_grad_();
        var samples = new RoiSamples([Parts.Get("regions.0")], Parts.Get("roi.labels"), Parts.Get("roi.targets"),
            Parts.Get("roi.labels") - 1);
        (Tensor classifier, Tensor box) = RoiLoss.Of(logits, deltas.view(-1, 5, 4), samples);
        Close.To(classifier, Parts.Get("roi.loss_classifier"), 1e-6, "classifier");
        Close.To(box, Parts.Get("roi.loss_box"), 1e-6, "box");
        (classifier + box).backward();
        Close.To(logits.grad!, Parts.Get("roi.logits.grad"), 1e-5, "gradient of logits");
        Close.To(deltas.grad!, Parts.Get("roi.deltas.grad"), 1e-5, "gradient of deltas");
    }

    [Fact]
    public void BackgroundAloneHasNoBoxLoss()
    {
        using var scope = NewDisposeScope();
        var samples = new RoiSamples([ones(2, 4)], zeros(2, int64), zeros(2, 4), zeros(2, int64) - 1);
        (_, Tensor box) = RoiLoss.Of(randn(2, 3), randn(2, 3, 4), samples);
        Assert.Equal(0, box.item<float>());
    }
}
