using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The detections of a batch as tensors, where a mask or keypoints are still to be found for each. Each array has one tensor per image, the surest detection first.</summary>
/// <param name="Boxes">[Dᵢ, 4] xyxy, in pixels of the image as the network sees it.</param>
/// <param name="Labels">int64 [Dᵢ], 1..C.</param>
/// <param name="Scores">[Dᵢ].</param>
public sealed record DetectedRegions(Tensor[] Boxes, Tensor[] Labels, Tensor[] Scores)
{
    /// <summary>The same on the host, in pixels of the images as they were given; in one transfer.</summary>
    /// <param name="images">The images.</param>
    public Detections[] ToDetections(ImageBatch images)
    {
        using var scope = NewDisposeScope();
        Tensor table = cat([cat(Labels).unsqueeze(1).to(float32), cat(Scores).unsqueeze(1), cat(Boxes)], 1);        // [D, 6]
        float[] values = table.cpu().data<float>().ToArray();
        int columns = (int)table.shape[1], at = 0;
        var detections = new Detections[Boxes.Length];
        for (int i = 0; i < detections.Length; i++)
        {
            int count = (int)Boxes[i].shape[0];
            var (boxes, labels, scores) = (new Box[count], new int[count], new float[count]);
            float scaleX = (float)images.OriginalSizes[i].Width / images.Sizes[i].Width;
            float scaleY = (float)images.OriginalSizes[i].Height / images.Sizes[i].Height;
            for (int j = 0; j < count; j++, at += columns)
            {
                ReadOnlySpan<float> row = values.AsSpan(at, columns);
                (labels[j], scores[j]) = ((int)row[0], row[1]);
                boxes[j] = new(row[2] * scaleX, row[3] * scaleY, row[4] * scaleX, row[5] * scaleY);
            }
            detections[i] = new() { Boxes = boxes, Labels = labels, Scores = scores };
        }
        return detections;
    }
}
