namespace Vision.Cli;

/// <summary>The split of a data set that a model is evaluated on.</summary>
internal static class EvaluationSplit
{
    /// <summary>The default split.</summary>
    /// <param name="splits">The data set's splits.</param>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="remedy">What a user can do if there is none.</param>
    /// <exception cref="InputException">There are several, and none is called val or test.</exception>
    public static string Usual(IReadOnlyList<string> splits, string folder, string remedy = "") =>
        splits.FirstOrDefault(split => split.StartsWith("val", StringComparison.OrdinalIgnoreCase))
        ?? splits.FirstOrDefault(split => split.StartsWith("test", StringComparison.OrdinalIgnoreCase))
        ?? (splits.Count == 1 ? splits[0]
            : throw new InputException(
                $"{folder} has no split called val or test, but {string.Join(", ", splits)}{(remedy.Length > 0 ? $": {remedy}" : "")}."));
}
