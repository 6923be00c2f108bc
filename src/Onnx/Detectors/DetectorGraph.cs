using Vision.Detection;
using Vision.Onnx.Building;
using Vision.Ops;

namespace Vision.Onnx.Detectors;

/// <summary>Whole detectors as graphs: from an image [1, 3, H, W] to its detections.</summary>
internal static class DetectorGraph
{
    /// <summary>The detections of a detector in the catalog.</summary>
    /// <param name="parts">The detector.</param>
    /// <param name="image">RGB in [0, 1].</param>
    /// <exception cref="InputException">It is a custom one, or its suppression is soft.</exception>
    public static DetectorOutputs Of(DetectorParts parts, OnnxValue image) => parts.Detector switch
    {
        Rcnn net => new TwoStageGraph(net, parts, image).Detect(),
        RetinaNet net => new DenseGraph(parts, net.Input, image).Detect(net),
        Fcos net => new DenseGraph(parts, net.Input, image).Detect(net),
        Ssd net => new DenseGraph(parts, net.Input, image).Detect(net),
        YoloV3 net => new DenseGraph(parts, net.Input, image).Detect(net),
        YoloX net => new DenseGraph(parts, net.Input, image).Detect(net),
        Detr net => DetrGraph.Detect(net, parts, image),
        var other => throw new InputException($"A {other.GetName()} cannot be exported: only the toolkit's own detectors can."),
    };
}
