using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The training targets of a <see cref="Detr"/> for a batch, padded to the same number T of objects per image.</summary>
/// <param name="Boxes">[N, T, 4], center, width and height as fractions of the image.</param>
/// <param name="Labels">int64 [N, T], 1..C; 0 for padding.</param>
/// <param name="Counts">Number of objects of each image.</param>
internal sealed record DetrTargets(Tensor Boxes, Tensor Labels, int[] Counts)
{
    /// <summary>The targets of a batch.</summary>
    /// <param name="truth">The objects of each image, in pixels of the image as fed to the network.</param>
    /// <param name="images">The images.</param>
    public static DetrTargets From(IReadOnlyList<GroundTruth> truth, ImageBatch images)
    {
        using var scope = NewDisposeScope();
        int[] counts = [.. truth.Select(objects => (int)objects.Boxes.shape[0])];
        Device device = images.Pixels.device;
        Tensor boxes = zeros(counts.Length, counts.Max(), 4, device: device);
        Tensor labels = zeros(counts.Length, counts.Max(), ScalarType.Int64, device);
        for (int i = 0; i < counts.Length; i++)
        {
            boxes[i].narrow(0, 0, counts[i]).copy_(truth[i].Boxes);
            labels[i].narrow(0, 0, counts[i]).copy_(truth[i].Labels);
        }
        Tensor relative = DetrBoxes.ToCenters(boxes / BoxMath.Limits(images.Sizes, device).unsqueeze(1));
        return new(relative.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope(), counts);
    }
}
