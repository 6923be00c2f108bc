using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The detections of a batch as tensors, for heads that add masks or keypoints. Each
/// array has one tensor per image, highest score first.</summary>
/// <param name="Boxes">[Dᵢ, 4] xyxy, in pixels of the image as fed to the network.</param>
/// <param name="Labels">int64 [Dᵢ], 1..C.</param>
/// <param name="Scores">[Dᵢ].</param>
internal sealed record DetectedRegions(Tensor[] Boxes, Tensor[] Labels, Tensor[] Scores)
{
    /// <summary>The detections on the host, in pixels of the original images, copied in one transfer.</summary>
    /// <param name="images">The images.</param>
    public Detections[] ToDetections(ImageBatch images) => [.. ToHost().Select((found, i) =>
    {
        float x = (float)images.OriginalSizes[i].Width / images.Sizes[i].Width,
            y = (float)images.OriginalSizes[i].Height / images.Sizes[i].Height;
        return found with { Boxes = [.. found.Boxes.Select(box => new Box(box.X1 * x, box.Y1 * y, box.X2 * x, box.Y2 * y))] };
    })];

    /// <summary>The detections on the host, in pixels of the images as fed to the network, copied in one transfer.</summary>
    internal Detections[] ToHost()
    {
        using var scope = NewDisposeScope();
        Tensor table = cat([cat(Labels).unsqueeze(1).to(float32), cat(Scores).unsqueeze(1), cat(Boxes)], 1);     // [D, 6]
        int columns = (int)table.shape[1];
        Queue<float[]> rows = new(table.ToHost<float>().Chunk(columns));
        return [.. Boxes.Select(boxes =>
        {
            float[][] own = [.. Enumerable.Range(0, (int)boxes.shape[0]).Select(_ => rows.Dequeue())];
            return new Detections
            {
                Boxes = [.. own.Select(row => new Box(row[2], row[3], row[4], row[5]))],
                Labels = [.. own.Select(row => (int)row[0])],
                Scores = [.. own.Select(row => row[1])],
            };
        })];
    }
}
