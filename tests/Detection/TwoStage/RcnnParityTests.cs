namespace Vision.Detection.Tests;

/// <summary>Mask and Keypoint R-CNN, version 2 and the MobileNets against torchvision.</summary>
[Trait("Category", "Slow")]
public class RcnnParityTests
{
    [SkippableTheory]
    [InlineData("maskrcnn", "maskrcnn_resnet18_fpn")]
    [InlineData("keypointrcnn", "keypointrcnn_resnet18_fpn")]
    [InlineData("mobile", "fasterrcnn_mobilenet_v3_large_fpn")]
    [InlineData("mobile_320", "fasterrcnn_mobilenet_v3_large_320_fpn")]
    [InlineData("maskrcnn_v2", "maskrcnn_resnet18_fpn_v2")]
    [InlineData("fasterrcnn_v2", "fasterrcnn_resnet18_fpn_v2")]
    public void DetectionsLossesAndGradientsAreTorchvisions(string kind, string name) => PeerDetector.AssertSame("rcnn.py", kind, name);
}
