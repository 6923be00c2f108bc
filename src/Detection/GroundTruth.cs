using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The objects of one image as training targets, in pixels of the image as fed to the network.</summary>
/// <param name="Boxes">[M, 4] xyxy; M may be 0.</param>
/// <param name="Labels">int64 [M], 1..C.</param>
public sealed record GroundTruth(Tensor Boxes, Tensor Labels)
{
    /// <summary>The objects' masks, uint8 [M, H, W], 0 or 1; null if not requested.</summary>
    public Tensor? Masks { get; init; }

    /// <summary>The objects' keypoints, [M, K, 3]: x, y, and COCO's visibility, 0 for a missing
    /// keypoint; null if not requested.</summary>
    public Tensor? Keypoints { get; init; }

    /// <summary>The objects of each image of a batch, without crowds.</summary>
    /// <param name="targets">The annotations, in pixels of the original images.</param>
    /// <param name="images">The same images, preprocessed.</param>
    /// <param name="numClasses">Number of classes of the detector, background included.</param>
    /// <param name="masks">Whether masks are requested.</param>
    /// <param name="keypoints">Number of keypoints per object; 0 if they are not requested.</param>
    /// <exception cref="InputException">An object lacks what is requested, has no area, or its label is out of
    /// range; the message names the file and the annotation.</exception>
    public static GroundTruth[] From(IReadOnlyList<Targets> targets, ImageBatch images, int numClasses, bool masks = false,
        int keypoints = 0)
    {
        if (targets.Count != images.Sizes.Length)
            throw new ArgumentException($"There are {targets.Count} targets for {images.Sizes.Length} images.", nameof(targets));
        Device device = images.Pixels.device;
        return [.. targets.Select((target, i) =>
        {
            Annotation[] objects = [.. target.Objects.Where(annotation => !annotation.IsCrowd)];
            var (scaleX, scaleY) = (images.ScaleX(i), images.ScaleY(i));
            return BoxesOf(target, objects, scaleX, scaleY, numClasses, device) with
            {
                Masks = masks ? MasksOf(target, objects, images.Sizes[i], device) : null,
                Keypoints = keypoints > 0 ? KeypointsOf(target, objects, scaleX, scaleY, keypoints, device) : null,
            };
        })];
    }

    private static GroundTruth BoxesOf(Targets target, Annotation[] objects, float scaleX, float scaleY, int numClasses, Device device)
    {
        var boxes = new float[objects.Length * 4];
        var labels = new long[objects.Length];
        for (int i = 0; i < objects.Length; i++)
        {
            var (box, label) = (objects[i].Box, objects[i].Label);
            if (!(box.Width > 0 && box.Height > 0))
                throw new InputException(
                    $"{target.File}: annotation {objects[i].Id} has the box [{box.X1}, {box.Y1}, {box.X2}, {box.Y2}], which has no area: " +
                    "correct or remove it.");
            if (label < 1 || label >= numClasses)
                throw new InputException(
                    $"{target.File}: annotation {objects[i].Id} has label {label}, but the model has 1..{numClasses - 1}: build the " +
                    "model with the data set's number of classes.");
            boxes[4 * i] = box.X1 * scaleX;
            boxes[4 * i + 1] = box.Y1 * scaleY;
            boxes[4 * i + 2] = box.X2 * scaleX;
            boxes[4 * i + 3] = box.Y2 * scaleY;
            labels[i] = label;
        }
        return new(tensor(boxes).reshape(objects.Length, 4).to(device), tensor(labels).to(device));
    }

    private static Tensor MasksOf(Targets target, Annotation[] objects, ImageSize size, Device device)
    {
        byte[] masks = new byte[(long)objects.Length * size.Height * size.Width];
        for (int i = 0; i < objects.Length; i++)
        {
            Segment segment = objects[i].Segment
                ?? throw new InputException(
                    $"{target.File}: annotation {objects[i].Id} has no mask, which this model needs: train on a data set with " +
                    "masks, or train a model without masks.");
            RleMask mask = segment.ToMask(target.Width, target.Height);
            Span<byte> resized = masks.AsSpan(i * size.Height * size.Width, size.Height * size.Width);
            ResizeNearest(mask.Decode(), mask.Width, mask.Height, resized, size);
        }
        return tensor(masks).reshape(objects.Length, size.Height, size.Width).to(device);
    }

    // torch's nearest neighbor: rounded down in single precision.
    private static void ResizeNearest(byte[] from, int width, int height, Span<byte> to, ImageSize size)
    {
        float scaleX = (float)width / size.Width, scaleY = (float)height / size.Height;
        int[] columns = [.. Enumerable.Range(0, size.Width).Select(x => Math.Min((int)(x * scaleX), width - 1))];
        for (int y = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> row = from.AsSpan(Math.Min((int)(y * scaleY), height - 1) * width, width);
            Span<byte> target = to.Slice(y * size.Width, size.Width);
            for (int x = 0; x < target.Length; x++) target[x] = row[columns[x]];
        }
    }

    private static Tensor KeypointsOf(Targets target, Annotation[] objects, float scaleX, float scaleY, int count, Device device)
    {
        var keypoints = new float[objects.Length * count * 3];
        for (int i = 0; i < objects.Length; i++)
        {
            if (objects[i].Keypoints is not { } points) continue;
            if (points.Count != count)
                throw new InputException(
                    $"{target.File}: annotation {objects[i].Id} has {points.Count} keypoints, but the model has {count}: build the " +
                    "model with the data set's number of keypoints.");
            for (int k = 0; k < count; k++)
            {
                int at = (i * count + k) * 3;
                (keypoints[at], keypoints[at + 1], keypoints[at + 2]) = (points[k].X * scaleX, points[k].Y * scaleY, points[k].Visibility);
            }
        }
        return tensor(keypoints).reshape(objects.Length, count, 3).to(device);
    }
}
