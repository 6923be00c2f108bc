namespace Vision.Weights;

/// <summary>Formatting of messages.</summary>
internal static class Text
{
    /// <summary>"a, b, c and 17 more".</summary>
    public static string List(IEnumerable<string> items, int limit, string nothing = "none")
    {
        string[] all = [.. items];
        if (all.Length == 0) return nothing;
        string listed = string.Join(", ", all.Take(limit));
        return all.Length <= limit ? listed : $"{listed} and {all.Length - limit} more";
    }

    /// <summary>"[64, 3, 7, 7]".</summary>
    public static string Shape(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
