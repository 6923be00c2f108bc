using TorchSharp;
using Vision.Data;
using Vision.Detection;
using static TorchSharp.torch;

namespace Vision.Onnx.Exporting;

/// <summary>Detections as the tensors that an exported detector returns.</summary>
internal static class DetectorTensors
{
    /// <summary>Boxes, scores, labels, and masks or keypoints if there are some, owned by the caller's dispose scope.</summary>
    /// <param name="found">The detections.</param>
    /// <param name="image">The shape of the image, [1, 3, H, W].</param>
    /// <param name="description">The detector.</param>
    public static Tensor[] Of(Detections found, long[] image, DetectorDescription description)
    {
        List<Tensor> outputs =
        [
            tensor(found.Boxes.SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 }).ToArray(), [found.Count, 4]),
            tensor(found.Scores),
            tensor(found.Labels.Select(label => (long)label).ToArray()),
        ];
        if (found.Masks is { } masks)
            outputs.Add(tensor(masks.SelectMany(mask => mask.Decode()).ToArray(), [found.Count, image[2], image[3]]));
        if (found.Keypoints is { } points)
            outputs.Add(tensor(points.SelectMany(own => own).SelectMany(point => new[] { point.X, point.Y, point.Visibility }).ToArray(),
                [found.Count, description.Options.NumKeypoints, 3]));
        return [.. outputs];
    }
}
