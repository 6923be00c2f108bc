namespace Vision.Backbones;

/// <summary>What a message says to a name that is not known.</summary>
public static class SimilarNames
{
    private const int Suggested = 5;

    /// <summary>The nearest names, such as "did you mean resnet50, resnet18 or resnet34? There are 88; …".</summary>
    /// <param name="name">The name that is not known.</param>
    /// <param name="known">All names that are.</param>
    public static string Advice(string name, IReadOnlyCollection<string> known)
    {
        string[] nearest = [.. known.OrderBy(candidate => Distance(name, candidate))
            .ThenBy(candidate => candidate, StringComparer.Ordinal).Take(Suggested)];
        string list = nearest.Length < 2 ? string.Concat(nearest) : $"{string.Join(", ", nearest[..^1])} or {nearest[^1]}";
        return $"did you mean {list}? There are {known.Count}; \"vision models\" lists them.";
    }

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
