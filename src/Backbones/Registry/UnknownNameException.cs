namespace Vision.Backbones;

/// <summary>No model has a given name; the message suggests similar ones.</summary>
public sealed class UnknownNameException : InputException
{
    private const int Suggested = 5;

    /// <summary>Makes a message such as "No backbone is called 'resnet51';
    /// did you mean resnet50, resnet101 or resnet152? There are 88 names."</summary>
    /// <param name="kind">The kind of model, such as "backbone".</param>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">All known names.</param>
    public UnknownNameException(string kind, string name, IReadOnlyCollection<string> known)
        : base($"No {kind} is called '{name}'; did you mean {Nearest(name, known)}? There are {known.Count} names.") { }

    private static string Nearest(string name, IReadOnlyCollection<string> known)
    {
        string[] nearest = [.. known.OrderBy(candidate => Distance(name, candidate))
            .ThenBy(candidate => candidate, StringComparer.Ordinal).Take(Suggested)];
        return nearest.Length < 2 ? string.Concat(nearest) : $"{string.Join(", ", nearest[..^1])} or {nearest[^1]}";
    }

    /// <summary>The number of letters to insert, delete or replace (Levenshtein distance).</summary>
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
