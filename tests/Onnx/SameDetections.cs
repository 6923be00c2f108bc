using Vision.Data;
using Xunit.Abstractions;

namespace Vision.Onnx.Tests;

/// <summary>Compares detections of one image.</summary>
internal static class SameDetections
{
    private const float BoxTolerance = 0.05f, ScoreTolerance = 1e-4f, KeypointTolerance = 1;
    private const double LeastMaskIou = 0.99;

    // Of a hundred objects, one or two may be where rounding decides.
    private const double Borderline = 0.03;

    /// <summary>Fails unless they are the same objects, up to rounding.</summary>
    public static void Check(Detections actual, Detections expected, ITestOutputHelper log)
    {
        HashSet<int> left = [.. Enumerable.Range(0, actual.Count)];
        int missing = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            int twin = left.FirstOrDefault(j => Same(actual, j, expected, i), -1);
            if (twin >= 0) left.Remove(twin);
            else missing++;
        }
        log.WriteLine($"{expected.Count} objects; {missing} missing, {left.Count} too many");
        Assert.Equal(actual.Scores.OrderDescending(), actual.Scores);
        Assert.True(missing <= Borderline * expected.Count && left.Count <= Borderline * expected.Count,
            $"Of {expected.Count} objects, {missing} are missing, and {left.Count} others are found.");
    }

    private static bool Same(Detections a, int i, Detections b, int j) =>
        a.Labels[i] == b.Labels[j] && Math.Abs(a.Scores[i] - b.Scores[j]) < ScoreTolerance
        && Corners(a.Boxes[i]).Zip(Corners(b.Boxes[j])).All(pair => Math.Abs(pair.First - pair.Second) < BoxTolerance)
        && (a.Masks is null) == (b.Masks is null) && (a.Keypoints is null) == (b.Keypoints is null)
        && (a.Masks is null || a.Masks[i].Area + b.Masks![j].Area == 0 || a.Masks[i].IoU(b.Masks![j]) >= LeastMaskIou)
        && (a.Keypoints is null || a.Keypoints[i].Zip(b.Keypoints![j]).All(pair => Near(pair.First, pair.Second)));

    private static bool Near(Keypoint a, Keypoint b) => Math.Abs(a.X - b.X) <= KeypointTolerance
        && Math.Abs(a.Y - b.Y) <= KeypointTolerance && Math.Abs(a.Visibility - b.Visibility) < 1e-3;

    private static float[] Corners(Box box) => [box.X1, box.Y1, box.X2, box.Y2];
}
