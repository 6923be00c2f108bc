namespace Vision.Graphs;

/// <summary>Names of modules as in state dicts, such as <c>layer1.0.conv1</c>; the whole network is the empty name.</summary>
internal static class ModulePath
{
    /// <summary>The module that a parameter or module belongs to.</summary>
    public static string Parent(string path) => path.LastIndexOf('.') is var dot and > 0 ? path[..dot] : "";

    /// <summary>The number of components.</summary>
    public static int Depth(string path) => path.Length == 0 ? 0 : path.Count(letter => letter == '.') + 1;

    /// <summary>The first components.</summary>
    public static string Take(string path, int components) => string.Join('.', path.Split('.').Take(components));

    /// <summary>Whether a module is another one or inside it.</summary>
    public static bool IsWithin(string path, string ancestor) =>
        ancestor.Length == 0 || path == ancestor || path.StartsWith(ancestor + '.', StringComparison.Ordinal);

    /// <summary>The innermost module that contains both.</summary>
    public static string Common(string first, string second)
    {
        while (!IsWithin(second, first)) first = Parent(first);
        return first;
    }

    /// <summary>A module and those that contain it, innermost first; the whole network comes last.</summary>
    public static IEnumerable<string> Upward(string path)
    {
        for (; path.Length > 0; path = Parent(path)) yield return path;
        yield return path;
    }
}
