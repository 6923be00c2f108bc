namespace Vision.Cli;

/// <summary>The split of a data set that a model is evaluated on.</summary>
internal static class EvaluationSplit
{
    /// <summary>The default split.</summary>
    /// <exception cref="InputException">There are several, and none is called val or test.</exception>
    public static string Usual(IReadOnlyList<string> splits, string folder) =>
        splits.FirstOrDefault(split => split.StartsWith("val", StringComparison.OrdinalIgnoreCase))
        ?? splits.FirstOrDefault(split => split.StartsWith("test", StringComparison.OrdinalIgnoreCase))
        ?? (splits.Count == 1 ? splits[0]
            : throw new InputException($"{folder} has no split called val or test; name one with --split: {string.Join(", ", splits)}."));
}
