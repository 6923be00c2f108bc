namespace Vision.Data;

/// <summary>Resolves the name of a split.</summary>
internal static class SplitName
{
    /// <summary>The split of that name, or else the only one that begins with it (<c>val</c> finds <c>val2017</c> or <c>valid</c>). Without
    /// a name: the only split, or the training split.</summary>
    /// <exception cref="InputException">No split matches, or several do.</exception>
    public static string Choose(string? wanted, IReadOnlyList<string> available, string folder)
    {
        if (wanted is null && available.Count == 1) return available[0];
        string name = wanted ?? "train";
        if (available.Contains(name, StringComparer.Ordinal)) return name;

        string[] beginning = [.. available.Where(split =>
            split.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && !split.StartsWith("trainval", StringComparison.OrdinalIgnoreCase))];
        return beginning switch
        {
            [string only] => only,
            [] => throw new InputException($"{folder}: no split '{name}'; available: {string.Join(", ", available)}."),
            _ => throw new InputException($"{folder}: split '{name}' may be {string.Join(" or ", beginning)}; give its full name."),
        };
    }
}
