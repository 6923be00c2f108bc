using Vision.Data;

namespace Vision.Evaluation;

/// <summary>
/// The boundary F-score of one image (Csurka et al. 2013, "What is a good evaluation measure for semantic segmentation?"): how many border
/// pixels of a class lie near its border in the other map.
/// </summary>
internal static class BoundaryScore
{
    private const byte NoBorder = SegmentationMap.Ignore;

    /// <summary>2PR / (P + R) of each class, where P is the fraction of its predicted border near the true one and R the fraction of the
    /// true border near the predicted one; −1 if the class has a border in neither map.</summary>
    /// <param name="predicted">A map with classes below <paramref name="classes"/> wherever the truth has one.</param>
    /// <param name="truth">The ground truth, of the same size; pixels that it ignores are ignored in both maps.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="tolerance">The distance, in pixels, up to which a border counts as near.</param>
    public static double[] Of(SegmentationMap predicted, SegmentationMap truth, int classes, double tolerance)
    {
        byte[] found = Borders(predicted, truth), real = Borders(truth, truth);
        long[] foundCounts = Count(found, classes), realCounts = Count(real, classes);
        Neighborhood near = new(truth.Width, truth.Height, tolerance);
        double[] scores = new double[classes];
        for (int label = 0; label < classes; label++)
        {
            long either = foundCounts[label] + realCounts[label];
            bool both = foundCounts[label] > 0 && realCounts[label] > 0;
            double precision = both ? (double)near.Count(found, real, (byte)label) / foundCounts[label] : 0;
            double recall = both ? (double)near.Count(real, found, (byte)label) / realCounts[label] : 0;
            scores[label] = either == 0 ? -1 : precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
        }
        return scores;
    }

    // Keeps the class of every pixel with a different class to its left, right, above or below. The image's
    // own edge and ignored pixels do not form borders.
    private static byte[] Borders(SegmentationMap map, SegmentationMap truth)
    {
        int width = map.Width, height = map.Height;
        byte[] borders = new byte[width * height];
        Array.Fill(borders, NoBorder);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = y * width + x;
                if (x + 1 < width) Compare(i, i + 1);
                if (y + 1 < height) Compare(i, i + width);
            }
        }
        return borders;

        void Compare(int a, int b)
        {
            byte[] labels = map.Classes;
            if (labels[a] == labels[b] || truth.Classes[a] == SegmentationMap.Ignore || truth.Classes[b] == SegmentationMap.Ignore) return;
            (borders[a], borders[b]) = (labels[a], labels[b]);
        }
    }

    private static long[] Count(byte[] borders, int classes)
    {
        long[] counts = new long[classes];
        foreach (byte label in borders)
            if (label != NoBorder) counts[label]++;
        return counts;
    }

    /// <summary>Counts pixels that have a pixel of their class within reach, in time independent of the area within reach.</summary>
    private sealed class Neighborhood(int width, int height, double tolerance)
    {
        private readonly int reach = (int)tolerance;
        private readonly int[] rows = new int[width * height];

        public long Count(byte[] from, byte[] to, byte label)
        {
            FindRows(to, label);
            long count = 0;
            for (int i = 0; i < from.Length; i++)
                if (from[i] == label && IsNear(i)) count++;
            return count;
        }

        // The vertical distance to the nearest pixel of the class in the same column; distances out of reach need not be exact.
        private void FindRows(byte[] map, byte label)
        {
            for (int i = 0; i < rows.Length; i++)
                rows[i] = map[i] == label ? 0 : i < width ? reach + 1 : rows[i - width] + 1;
            for (int i = rows.Length - width - 1; i >= 0; i--) rows[i] = Math.Min(rows[i], rows[i + width] + 1);
        }

        private bool IsNear(int i)
        {
            int x = i % width;
            for (int shift = -Math.Min(reach, x); shift <= Math.Min(reach, width - 1 - x); shift++)
                if ((double)rows[i + shift] * rows[i + shift] + shift * shift <= tolerance * tolerance) return true;
            return false;
        }
    }
}
