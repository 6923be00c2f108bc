using Vision.Data;

namespace Vision.Detection.Tests;

/// <summary>Comparison of detections to rounding, which may exchange two of nearly the same score.</summary>
internal static class SameDetections
{
    private const double MaskIou = 0.999;

    /// <summary>A mask may differ where much of it is as likely inside as outside, but
    /// hardly one in twenty does, and never by much.</summary>
    private const double ChangedMasks = 0.05, ChangedMaskIou = 0.9;

    /// <summary>A keypoint may fall on the pixel beside, where two places of its heat map are
    /// equally high; but hardly one in fifty does.</summary>
    private const double MovedKeypoints = 0.02;

    /// <summary>Asserts that every detection has its twin on the other side: of the same label, with nearly the
    /// same score and box, and the same mask and keypoints.</summary>
    /// <param name="actual">What the code under test found.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="scoreTolerance">Twins' scores differ by no more than this. The last of a full list may
    /// lack a twin if its score is that near to the end.</param>
    /// <param name="boxTolerance">Twins' corners differ by no more than this, in pixels.</param>
    public static void Assert(Detections actual, Detections expected, float scoreTolerance, float boxTolerance)
    {
        Xunit.Assert.True(expected.Count > 20, $"Only {expected.Count} detections: the comparison shows little.");
        Xunit.Assert.Equal(expected.Masks is null, actual.Masks is null);
        Xunit.Assert.Equal(expected.Keypoints is null, actual.Keypoints is null);
        int points = 0, moved = 0, masks = 0, changed = 0;
        foreach (var (from, to) in new[] { (actual, expected), (expected, actual) })
            for (int i = 0; i < from.Count && from.Scores[i] > from.Scores[^1] + scoreTolerance; i++)
            {
                int twin = Enumerable.Range(0, to.Count).Where(j => AreTwins(from, i, to, j)).DefaultIfEmpty(-1).First();
                Xunit.Assert.True(twin >= 0,
                    $"{(from == actual ? "Found" : "Expected")}, but not on the other side: label {from.Labels[i]}, score " +
                        $"{from.Scores[i]}, {from.Boxes[i]}; {Nearest(from, i, to)}.");
                if (from.Masks is not null)
                {
                    double iou = Iou(from.Masks[i], to.Masks![twin]);
                    masks++;
                    if (iou <= MaskIou) changed++;
                    Xunit.Assert.True(iou > ChangedMaskIou,
                        $"The masks of {from.Boxes[i]} have an IoU of {iou} only ({from.Masks[i].Area} and {to.Masks[twin].Area} pixels).");
                }
                if (from.Keypoints is null) continue;
                foreach (var (a, b) in from.Keypoints[i].Zip(to.Keypoints![twin]))
                {
                    points++;
                    if (Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)) > 10 * boxTolerance) moved++;
                    Xunit.Assert.Equal(b.Visibility, a.Visibility, 0.01f);
                }
            }
        Xunit.Assert.Equal(expected.Count, actual.Count);
        Xunit.Assert.True(changed <= ChangedMasks * masks, $"{changed} of {masks} masks are others.");
        Xunit.Assert.True(moved <= MovedKeypoints * points, $"{moved} of {points} keypoints are elsewhere.");

        static string Nearest(Detections a, int i, Detections b) => Enumerable.Range(0, b.Count).Where(j => b.Labels[j] == a.Labels[i])
            .OrderBy(j => Distance(a.Boxes[i], b.Boxes[j]))
            .Select(j => $"the nearest has a score of {b.Scores[j]} and is off by {Distance(a.Boxes[i], b.Boxes[j])} pixels")
            .FirstOrDefault("none has this label");

        bool AreTwins(Detections a, int i, Detections b, int j) =>
            a.Labels[i] == b.Labels[j]
            && Math.Abs(a.Scores[i] - b.Scores[j]) <= scoreTolerance
            && Distance(a.Boxes[i], b.Boxes[j]) <= boxTolerance;
    }

    private static double Iou(RleMask a, RleMask b)
    {
        byte[] first = a.Decode(), second = b.Decode();
        int both = first.Zip(second).Count(pair => pair.First + pair.Second == 2);
        long either = a.Area + b.Area - both;
        return either == 0 ? 1 : (double)both / either;
    }

    private static float Distance(Box a, Box b) =>
        new[] { a.X1 - b.X1, a.Y1 - b.Y1, a.X2 - b.X2, a.Y2 - b.Y2 }.Max(Math.Abs);
}
