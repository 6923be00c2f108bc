using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Ops;

namespace Vision.Onnx.Detectors;

/// <summary>Whole detectors as graphs: from an image [1, 3, H, W] to its detections.</summary>
internal static class DetectorGraph
{
    /// <summary>The detections of a detector in the catalog.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="classes">Number of its classes, without background.</param>
    /// <param name="image">RGB in [0, 1].</param>
    /// <exception cref="InputException">It is a custom one, or its suppression is soft.</exception>
    public static DetectorOutputs Of(Detector detector, long classes, OnnxValue image) => detector switch
    {
        Rcnn net => new TwoStageGraph(net, classes, image).Detect(),
        RetinaNet net => new DenseGraph(net, net.Input, classes, image).Detect(net),
        Fcos net => new DenseGraph(net, net.Input, classes, image).Detect(net),
        Ssd net => new DenseGraph(net, net.Input, classes, image).Detect(net),
        YoloV3 net => new DenseGraph(net, net.Input, classes, image).Detect(net),
        YoloX net => new DenseGraph(net, net.Input, classes, image).Detect(net),
        Detr net => DetrGraph.Detect(net, image),
        _ => throw new InputException($"A {detector.GetName()} cannot be exported: only the toolkit's own detectors can."),
    };
}
