using Vision.Data;

namespace Vision.Detection.Tests;

/// <summary>Comparison of detections to rounding, which may exchange two of nearly the same score.</summary>
internal static class SameDetections
{
    /// <summary>Asserts that every detection has its twin on the other side: of the same label, with nearly the same score and box.</summary>
    /// <param name="actual">What the code under test found.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="scoreTolerance">Twins' scores differ by no more than this. The last of a full list may lack a twin if its score is that near to the end.</param>
    /// <param name="boxTolerance">Twins' corners differ by no more than this, in pixels.</param>
    public static void Assert(Detections actual, Detections expected, float scoreTolerance, float boxTolerance)
    {
        Xunit.Assert.True(expected.Count > 20, $"Only {expected.Count} detections: the comparison shows little.");
        Xunit.Assert.Equal(expected.Count, actual.Count);
        foreach (var (from, to) in new[] { (actual, expected), (expected, actual) })
            for (int i = 0; i < from.Count && from.Scores[i] > from.Scores[^1] + scoreTolerance; i++)
                Xunit.Assert.True(Enumerable.Range(0, to.Count).Any(j => AreTwins(from, i, to, j)),
                    $"{(from == actual ? "Found" : "Expected")}, but not on the other side: label {from.Labels[i]}, score {from.Scores[i]}, {from.Boxes[i]}.");

        bool AreTwins(Detections a, int i, Detections b, int j) =>
            a.Labels[i] == b.Labels[j]
            && Math.Abs(a.Scores[i] - b.Scores[j]) <= scoreTolerance
            && Distance(a.Boxes[i], b.Boxes[j]) <= boxTolerance;
    }

    private static float Distance(Box a, Box b) =>
        new[] { a.X1 - b.X1, a.Y1 - b.Y1, a.X2 - b.X2, a.Y2 - b.Y2 }.Max(Math.Abs);
}
