namespace Vision.Data;

/// <summary>Finds the split that a user means.</summary>
internal static class SplitName
{
    /// <summary>The one of that name; else the only one that begins with it (<c>val</c> finds <c>val2017</c> and <c>valid</c>). Without a
    /// name: the only split there is, or the training split.</summary>
    /// <exception cref="InputException">There is none, or more than one.</exception>
    public static string Choose(string? wanted, IReadOnlyList<string> available, string folder)
    {
        if (wanted is null && available.Count == 1) return available[0];
        string name = wanted ?? "train";
        if (available.Contains(name, StringComparer.Ordinal)) return name;

        string[] beginning = [.. available.Where(split => split.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            && !split.StartsWith("trainval", StringComparison.OrdinalIgnoreCase))];
        return beginning switch
        {
            [string only] => only,
            [] => throw new InputException($"{folder}: no split '{name}'; there is {string.Join(", ", available)}."),
            _ => throw new InputException($"{folder}: split '{name}' may be {string.Join(" or ", beginning)}; give its full name."),
        };
    }
}
