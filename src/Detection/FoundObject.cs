using Vision.Data;

namespace Vision.Detection;

/// <summary>One detection, in pixels of the whole image.</summary>
internal sealed record FoundObject(Box Box, int Label, float Score, RleMask? Mask, Keypoint[]? Keypoints)
{
    /// <summary>The detections of a part of the image, in coordinates of the whole image.</summary>
    public static IEnumerable<FoundObject> Of(Detections part, AffineMap map, int width, int height) =>
        Enumerable.Range(0, part.Count).Select(i => new FoundObject(
            map.Of(part.Boxes[i]), part.Labels[i], part.Scores[i],
            part.Masks is { } masks
                ? new Segment { Runs = masks[i] }.Moved(map, width, height)?.Runs
                    ?? new RleMask(width, height, [(uint)(width * height)])
                : null,
            part.Keypoints?[i].Select(point =>
            {
                (double x, double y) = map.Of(point.X, point.Y);
                return point with { X = (float)x, Y = (float)y };
            }).ToArray()));

    /// <summary>Collects the objects as detections, highest score first.</summary>
    public static Detections Together(IReadOnlyList<FoundObject> found)
    {
        FoundObject[] sorted = [.. found.OrderByDescending(item => item.Score)];
        return new()
        {
            Boxes = [.. sorted.Select(item => item.Box)],
            Labels = [.. sorted.Select(item => item.Label)],
            Scores = [.. sorted.Select(item => item.Score)],
            Masks = sorted.Length > 0 && sorted.All(item => item.Mask is not null) ? [.. sorted.Select(item => item.Mask!)] : null,
            Keypoints = sorted.Length > 0 && sorted.All(item => item.Keypoints is not null)
                ? [.. sorted.Select(item => item.Keypoints!)]
                : null,
        };
    }
}
