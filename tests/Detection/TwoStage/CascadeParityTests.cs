namespace Vision.Detection.Tests;

/// <summary>Cascade R-CNN against a reference that is written from the paper's equations.</summary>
[Trait("Category", "Slow")]
public class CascadeParityTests
{
    [SkippableTheory]
    [InlineData("box", "cascade_rcnn_resnet18_fpn")]
    [InlineData("mask", "cascade_mask_rcnn_resnet18_fpn")]
    public void DetectionsLossesAndGradientsAreThePapers(string kind, string name) => PeerDetector.AssertSame("cascade.py", kind, name);
}
