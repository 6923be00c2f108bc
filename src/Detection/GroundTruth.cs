using Vision.Data;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>The objects of one image that are trained on, in pixels of the image as the network sees it.</summary>
/// <param name="Boxes">[M, 4] xyxy; M may be 0.</param>
/// <param name="Labels">int64 [M], 1..C.</param>
public sealed record GroundTruth(Tensor Boxes, Tensor Labels)
{
    /// <summary>The objects of every image of a batch, crowds left out.</summary>
    /// <param name="targets">The annotations, in pixels of the images as they were given.</param>
    /// <param name="images">The same images, prepared.</param>
    /// <param name="numClasses">Classes of the detector, background included.</param>
    /// <exception cref="InputException">A box has no area, or a label is not among the classes; the message names file and annotation.</exception>
    public static GroundTruth[] From(IReadOnlyList<Targets> targets, ImageBatch images, int numClasses)
    {
        if (targets.Count != images.Sizes.Length)
            throw new ArgumentException($"There are {targets.Count} targets for {images.Sizes.Length} images.", nameof(targets));
        return [.. targets.Select((target, i) => From(target, images.ScaleX(i), images.ScaleY(i), numClasses, images.Pixels.device))];
    }

    private static GroundTruth From(Targets target, float scaleX, float scaleY, int numClasses, Device device)
    {
        Annotation[] objects = [.. target.Objects.Where(annotation => !annotation.IsCrowd)];
        var boxes = new float[objects.Length * 4];
        var labels = new long[objects.Length];
        for (int i = 0; i < objects.Length; i++)
        {
            var (box, label) = (objects[i].Box, objects[i].Label);
            if (!(box.Width > 0 && box.Height > 0))
                throw new InputException($"{target.File}: annotation {objects[i].Id} has the box [{box.X1}, {box.Y1}, {box.X2}, {box.Y2}], which has no area: correct it or take it out.");
            if (label < 1 || label >= numClasses)
                throw new InputException($"{target.File}: annotation {objects[i].Id} has label {label}, but the model knows 1..{numClasses - 1}: build the model with the data set's number of classes.");
            boxes[4 * i] = box.X1 * scaleX;
            boxes[4 * i + 1] = box.Y1 * scaleY;
            boxes[4 * i + 2] = box.X2 * scaleX;
            boxes[4 * i + 3] = box.Y2 * scaleY;
            labels[i] = label;
        }
        return new(tensor(boxes).reshape(objects.Length, 4).to(device), tensor(labels).to(device));
    }
}
