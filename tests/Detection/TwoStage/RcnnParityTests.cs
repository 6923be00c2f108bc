using Vision.Backbones.Weights;
using Vision.Data;
using Vision.Testing;
using static TorchSharp.torch;

namespace Vision.Detection.Tests;

/// <summary>Mask and Keypoint R-CNN, version 2 and the MobileNets against torchvision.</summary>
public class RcnnParityTests
{
    [SkippableTheory]
    [InlineData("maskrcnn", "maskrcnn_resnet18_fpn", 1e-3)]
    [InlineData("keypointrcnn", "keypointrcnn_resnet18_fpn", 5e-3)]     // eight convolutions, each with values that rounding takes across the ReLU's edge
    [InlineData("mobile", "fasterrcnn_mobilenet_v3_large_fpn", 1e-3, 1e-4f)]
    [InlineData("mobile_320", "fasterrcnn_mobilenet_v3_large_320_fpn", 1e-3)]
    [InlineData("maskrcnn_v2", "maskrcnn_resnet18_fpn_v2", 1e-3)]
    [InlineData("fasterrcnn_v2", "fasterrcnn_resnet18_fpn_v2", 1e-3)]
    public void DetectionsLossesAndGradientsAreTorchvisions(string kind, string name, double gradientTolerance, float scoreTolerance = 1e-5f) =>
        PeerDetector.AssertSame("rcnn.py", kind, name, gradientTolerance, scoreTolerance);
}
