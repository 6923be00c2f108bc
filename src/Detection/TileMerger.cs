using Vision.Data;
using Vision.Ops;
using static TorchSharp.torch;

namespace Vision.Detection;

/// <summary>Merges detections of the same object from several tiles.</summary>
internal static class TileMerger
{
    public static IReadOnlyList<FoundObject> Merged(IReadOnlyList<FoundObject> found, TileMergeMode how, double threshold)
    {
        if (found.Count == 0) return found;
        return how == TileMergeMode.Suppress ? Suppressed(found, threshold) : Joined(found, threshold);
    }

    private static FoundObject[] Suppressed(IReadOnlyList<FoundObject> found, double threshold)
    {
        using var scope = NewDisposeScope();
        Tensor boxes = tensor(found.SelectMany(item => new[] { item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2 }).ToArray())
            .reshape(found.Count, 4);
        Tensor scores = tensor(found.Select(item => item.Score).ToArray()),
            labels = tensor(found.Select(item => (long)item.Label).ToArray());
        return [.. Nms.KeepPerClass(boxes, scores, labels, threshold).ToHost<long>().Select(i => found[(int)i])];
    }

    /// <summary>The detection with the highest score absorbs those of its class that overlap it, and grows, until none is left.</summary>
    private static List<FoundObject> Joined(IReadOnlyList<FoundObject> found, double threshold)
    {
        List<FoundObject> joined = [];
        foreach (var ofClass in found.GroupBy(item => item.Label))
        {
            LinkedList<FoundObject> rest = new(ofClass.OrderByDescending(item => item.Score));
            while (rest.First is { } first)
            {
                rest.RemoveFirst();
                FoundObject item = first.Value;
                List<RleMask> masks = [];
                if (item.Mask is not null) masks.Add(item.Mask);
                for (var other = rest.First; other is not null;)
                {
                    var next = other.Next;
                    if (PartOfSmaller(item.Box, other.Value.Box) > threshold)
                    {
                        item = item with { Box = Around(item.Box, other.Value.Box) };
                        if (other.Value.Mask is { } more) masks.Add(more);
                        rest.Remove(other);
                        // It has grown and may overlap others now.
                        next = rest.First;
                    }
                    other = next;
                }
                joined.Add(masks.Count > 1 ? item with { Mask = RleMask.Union(masks) } : item);
            }
        }
        return joined;
    }

    private static double PartOfSmaller(Box a, Box b)
    {
        double width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        return Math.Max(0, width) * Math.Max(0, height) / Math.Min(a.Area, b.Area);
    }

    private static Box Around(Box a, Box b) => new(Math.Min(a.X1, b.X1), Math.Min(a.Y1, b.Y1), Math.Max(a.X2, b.X2), Math.Max(a.Y2, b.Y2));
}
