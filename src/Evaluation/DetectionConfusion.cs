using Vision.Data;

namespace Vision.Evaluation;

/// <summary>The confusion matrix of a detector, with background as an extra class for
/// missed objects and for detections where there is no object.</summary>
public sealed record DetectionConfusion
{
    /// <summary>The minimum score of a detection to be counted.</summary>
    public const double MinScore = 0.5;

    private const double Overlap = 0.5;

    /// <summary>The classes, then background.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>The number of objects of class i that were detected as class j, at [i, j]. The last column counts missed objects, the last
    /// row detections without an object.</summary>
    public required long[,] Counts { get; init; }

    /// <summary>Pairs detections and objects with an overlap of 0.5 or more, regardless of class, in order of decreasing overlap. Ignored
    /// objects, and detections on them, are not counted.</summary>
    public static DetectionConfusion Of(EvaluationSet set)
    {
        int background = set.Categories.Count;
        long[,] counts = new long[background + 1, background + 1];
        Grouping detections = Grouping.By(set.Detections, 1, set.ImageCount, _ => 0, detection => detection.Image);
        Grouping truths = Grouping.By(set.Truths, 1, set.ImageCount, _ => 0, truth => truth.Image);
        for (int image = 0; image < set.ImageCount; image++)
        {
            int[] rows = [.. detections.Of(image).ToArray().Where(d => set.Detections[d].Score >= MinScore)],
                columns = truths.Of(image).ToArray();
            double[] overlaps = new double[rows.Length * columns.Length];
            if (overlaps.Length > 0) set.Overlap.Compute(rows, columns, overlaps);
            bool[] used = new bool[rows.Length], taken = new bool[columns.Length];
            var pairs = Enumerable.Range(0, overlaps.Length).Where(cell => overlaps[cell] >= Overlap)
                .Select(cell => (Row: cell / columns.Length, Column: cell % columns.Length, Overlap: overlaps[cell]))
                .Select(pair => (pair.Row, pair.Column, pair.Overlap,
                    Predicted: set.Detections[rows[pair.Row]].Category, Truth: set.Truths[columns[pair.Column]]))
                .OrderBy(pair => pair.Truth.IsIgnored)
                .ThenByDescending(pair => pair.Overlap)
                .ThenByDescending(pair => pair.Predicted == pair.Truth.Category);
            foreach (var pair in pairs)
            {
                if (used[pair.Row] || (taken[pair.Column] && !pair.Truth.IsIgnored)) continue;
                used[pair.Row] = taken[pair.Column] = true;
                if (!pair.Truth.IsIgnored) counts[pair.Truth.Category, pair.Predicted]++;
            }
            for (int row = 0; row < rows.Length; row++)
                if (!used[row]) counts[background, set.Detections[rows[row]].Category]++;
            for (int column = 0; column < columns.Length; column++)
                if (!taken[column] && !set.Truths[columns[column]].IsIgnored) counts[set.Truths[columns[column]].Category, background]++;
        }
        return new() { Categories = [.. set.Categories, new(-1, "background")], Counts = counts };
    }
}
