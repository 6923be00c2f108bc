namespace Vision.Data;

/// <summary>The parts of a COCO annotation besides its box: its segment and its keypoints. Unusable parts are left out and reported; the
/// object is kept.</summary>
internal static class CocoObject
{
    public static Segment? Segment(CocoJson.Item item, int width, int height, DatasetReport report, string file, string called)
    {
        if (item.Segmentation is null) return null;
        (Segment? segment, string? fault) = item.Segmentation.Read(width, height);
        if (fault is not null) report.Add(new(DatasetProblemKind.BadSegment, file, called, fault));
        return segment;
    }

    public static Keypoint[]? Keypoints(CocoJson.Item item, Category category, DatasetReport report, string file, string called)
    {
        if (item.Keypoints is not { Length: > 0 } numbers) return null;
        int expected = category.Keypoints.Count;
        if (numbers.Length % 3 != 0 || (expected > 0 && numbers.Length != 3 * expected))
        {
            report.Add(new(DatasetProblemKind.BadKeypoints, file, called,
                $"its keypoints are {numbers.Length} numbers, not " +
                    $"{(expected > 0 ? $"the {3 * expected} of {expected} keypoints" : "x, y and visibility of each")}; left out"));
            return null;
        }
        if (numbers.Where((_, i) => i % 3 == 2).FirstOrDefault(value => value is not (0 or 1 or 2)) is not 0f and var odd)
        {
            report.Add(new(DatasetProblemKind.BadKeypoints, file, called, $"a keypoint's visibility is {odd}, not 0, 1 or 2; left out"));
            return null;
        }
        return [.. numbers.Chunk(3).Select(point => new Keypoint(point[0], point[1], point[2]))];
    }
}
